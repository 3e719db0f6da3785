/**
 * The door every delivered row passes: sealed columns are taken off before anything is stored, and
 * the columns are held against the contract once per header. What the contract does not tolerate
 * stops the delivery; what it tolerates is remembered by name for the publisher to hear of.
 */
import {
  type ColumnDrift,
  type Connector,
  compareColumns,
  dropSealed,
  recordSheets,
  type Sheet,
} from '../../../connectors/kit/index.ts';
import { HubError } from '../../base/errors.ts';
import type { DeliveredSheetRow } from '../../transports/delivery.ts';

export type SheetDoor = {
  /** The cells to store. */
  admit(row: DeliveredSheetRow): DeliveredSheetRow['cells'];
  /** After the last row: what was missing from every row. */
  close(): void;
  headers(): Record<string, string[]>;
  /** Fact tables the delivered sheets speak about. */
  kinds(): string[];
  drift(): string[];
};

const SHOWN_COLUMNS = 10;
const SHOWN_LENGTH = 40;

/** A delivered column name as jsonb can hold it. */
const storedName = (name: string) => name.replaceAll('\0', '\ufffd').toWellFormed();

/** The same, short enough to be shown. */
const safeName = (name: string) => storedName(name).slice(0, SHOWN_LENGTH);

function refuseDrift({ id, manifest }: Connector, drift: ColumnDrift) {
  const { added, missing } = manifest.drift;
  const fatal = [
    ...drift.doubled.map((name) => `×2 ${safeName(name)}`),
    ...(missing === 'stop' ? drift.missing.map((name) => `− ${safeName(name)}`) : []),
    ...(added === 'stop' ? drift.added.map((name) => `+ ${safeName(name)}`) : []),
  ];
  if (fatal.length === 0) return;
  const columns = fatal.slice(0, SHOWN_COLUMNS).join(', ');
  throw new HubError('source.columns-changed', { feed: id, columns });
}

type OpenSheet = {
  sheet: Sheet;
  isSealed: boolean;
  /** The header looked at last: rows of one sheet share the array, so looking again is rare. */
  last: readonly string[];
  /** Every column seen; objects name only the columns they fill. */
  seen: Set<string>;
  isObjects: boolean;
};

const isList = (cells: DeliveredSheetRow['cells']): boolean => Array.isArray(cells);

/** The door of one delivery. */
export function sheetDoors(connector: Connector): SheetDoor {
  const open = new Map<string, OpenSheet>();
  const tolerated = new Set<string>();

  const refuse = (name: string): never => {
    throw new HubError('source.columns-changed', { feed: connector.id, columns: safeName(name) });
  };

  const compare = (name: string, { sheet, seen }: OpenSheet, isWhole: boolean) => {
    const drift = compareColumns(sheet, [...seen]);
    const missing = isWhole ? drift.missing : [];
    refuseDrift(connector, { ...drift, missing });
    for (const column of drift.added) tolerated.add(`+ ${name}.${safeName(column)}`);
    for (const column of missing) tolerated.add(`− ${name}.${column}`);
  };

  const look = ({ sheet: name, header, cells }: DeliveredSheetRow): OpenSheet => {
    const sheet = connector.manifest.sheets[name] ?? refuse(name);
    const earlier = open.get(name);
    const isObjects = !isList(cells);
    // Cells in a list are read by the batch's one header: a second header would shift them.
    if (earlier && !isObjects && String(earlier.last) !== String(header)) refuse(name);
    const kept = dropSealed(sheet, header, []).header;
    const seen = new Set([...(earlier?.seen ?? []), ...kept]);
    const at = { sheet, isSealed: kept.length !== header.length, last: header, seen, isObjects };
    if (seen.size !== earlier?.seen.size) {
      if (!isObjects)
        refuseDrift(connector, { ...compareColumns(sheet, kept), added: [], missing: [] });
      compare(name, at, !isObjects);
    }
    open.set(name, at);
    return at;
  };

  return {
    admit(row) {
      let at = open.get(row.sheet);
      if (at?.last !== row.header) at = look(row);
      // An object may carry a sealed key that the header does not name.
      if (!at.isSealed && !at.isObjects) return row.cells;
      return dropSealed(at.sheet, row.header, row.cells).cells;
    },
    close() {
      for (const [name, at] of open) if (at.isObjects) compare(name, at, true);
    },
    headers: () =>
      Object.fromEntries([...open].map(([name, { seen }]) => [name, [...seen].map(storedName)])),
    kinds: () => [
      ...new Set(
        [...open.values()]
          .flatMap(({ sheet }) => [
            ...recordSheets(sheet).map(({ record }) => record),
            ...sheet.furtherRecords,
          ])
          .filter((kind) => kind !== undefined),
      ),
    ],
    drift: () => [...tolerated].sort(),
  };
}
