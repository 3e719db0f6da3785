/**
 * The kinds of facts a case may name, found by listing: the table definitions say which columns a fact
 * has, the feeds' manifests (and inverse.ts, where a feed has a map.ts) what type each field is and
 * which department delivers it. A new feed, table or field needs no edit here.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Connector,
  loadConnectors,
  recordSheets,
  type Sheet,
} from '../../connectors/kit/index.ts';
import type { Inverse } from '../../connectors/kit/inverse.ts';
import type { ColumnType } from '../../connectors/kit/manifest.ts';
import { FACT_TABLES, type FactTable } from '../../schema/fact-tables.ts';
import { NOTHING_SAID, type OrdinaryKind, readOrdinary } from './ordinary.ts';

export type Field = {
  name: string;
  /** How departments write it; null for a column of the table that no feed fills. */
  type: ColumnType | null;
  isRequired: boolean;
  /** Codes of the closed list, for `code`. */
  codes: readonly string[];
  min?: number | undefined;
};

export type FactKind = {
  kind: string;
  table: FactTable;
  feed: Connector;
  /** Sheets of the feed that become this kind; none for kinds that map.ts makes of nested rows. */
  sheets: readonly (readonly [name: string, sheet: Sheet])[];
  inverse: Inverse | undefined;
  fields: ReadonlyMap<string, Field>;
  ordinary: OrdinaryKind;
};

export type FactKinds = ReadonlyMap<string, FactKind>;

async function inverseOf({ folder }: Connector): Promise<Inverse | undefined> {
  const file = join(folder, 'inverse.ts');
  if (!existsSync(file)) return undefined;
  const module: { default: Inverse } = await import(pathToFileURL(file).href);
  return module.default;
}

type Stated = {
  field?: string;
  type: ColumnType;
  required?: boolean;
  codes?: string;
  min?: number;
};

/** The fields a department fills in for facts of this kind; a field of several sheets counts once. */
function statedFields(feed: Connector, columns: readonly object[]): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const each of columns) {
    const { field, type, required = false, codes, min } = each as Stated;
    if (field === undefined) continue;
    const known = fields.get(field);
    const list = Object.values(feed.manifest.codes[codes ?? ''] ?? {});
    fields.set(field, {
      name: field,
      type,
      // Of several sheets (reports, findings) each needs fields of its own.
      isRequired: required && (known?.isRequired ?? true),
      codes: list,
      min,
    });
  }
  return fields;
}

function describe(feed: Connector, inverse: Inverse | undefined, table: FactTable) {
  const { kind } = table;
  const sheets = Object.entries(feed.manifest.sheets)
    .flatMap(([name, sheet]) => recordSheets(sheet).map((one) => [name, one] as const))
    .filter(([, sheet]) => sheet.record === kind);
  const nested = inverse?.kinds[kind];
  if (sheets.length === 0 && nested === undefined) return undefined;
  const flat = sheets.map(([, { columns }]) => columns);
  const counted = flat.flatMap((columns) => Object.values(columns));
  const fields = statedFields(feed, nested ? Object.values(nested) : counted);
  const inEvery = (name: string) =>
    flat.every((columns) => Object.values(columns).some(({ field }) => field === name));
  for (const field of fields.values()) field.isRequired &&= inEvery(field.name);
  for (const { field, isRequired } of table.columns) {
    const stated = fields.get(field);
    if (stated) stated.isRequired ||= isRequired;
    else fields.set(field, { name: field, type: null, isRequired: false, codes: [] });
  }
  return { kind, table, feed, sheets, inverse, fields };
}

/** All kinds that some feed delivers, by kind; of two feeds of one kind the first by name. */
export async function factKinds(connectors?: ReadonlyMap<string, Connector>): Promise<FactKinds> {
  const kinds = new Map<string, FactKind>();
  for (const feed of (connectors ?? (await loadConnectors())).values()) {
    const inverse = await inverseOf(feed);
    const ordinary = readOrdinary(feed);
    for (const table of FACT_TABLES.values()) {
      const described = kinds.has(table.kind) ? undefined : describe(feed, inverse, table);
      if (described) {
        kinds.set(table.kind, { ...described, ordinary: ordinary[table.kind] ?? NOTHING_SAID });
      }
    }
  }
  return kinds;
}
