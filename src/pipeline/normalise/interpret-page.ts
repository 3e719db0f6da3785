/**
 * Turns a page of landed rows into lines of the record log: one per record, or a reason why a row
 * gives none. Pure computing without the database, so that it can be done in a thread of its own.
 */
import type { Connector } from '../../../connectors/kit/index.ts';
import { namedBy } from '../../../connectors/kit/naming.ts';
import type { FactRecord, Rejection, RowResult } from '../../../connectors/kit/record.ts';
import { type FactTable, PERSON } from '../../../schema/fact-tables.ts';
import type { Secret } from '../../base/secret.ts';
import { linesOf } from '../land/pages.ts';
import type { Batch } from '../stage.ts';
import { misfitRejection, shapeOf } from './fact-shape.ts';
import { keyNumber } from './key-set.ts';
import { bodyOf, createKeys, recordLine } from './record-line.ts';

export type LandedPage = {
  firstOrdinal: number;
  sheet: string;
  /** As stored, see `pages.ts`. */
  lines: Uint8Array;
};

/** Why a landed row gave no record; the sentences are made when it is written down. */
export type RejectedRow = Rejection & { ordinal: number };

export type InterpretedPage = {
  rows: number;
  /** COPY lines. */
  lines: Uint8Array<ArrayBuffer>;
  rejected: RejectedRow[];
  /** A number for the key of each record, to look for doubles. */
  keys: Float64Array<ArrayBuffer>;
  kinds: string[];
  /** Some record names a person by a document, or says whose a document is. */
  hasMentions: boolean;
};

export type InterpreterSetup = {
  connector: Pick<Connector, 'interpret' | 'interpreter' | 'manifest'>;
  batch: Pick<Batch, 'batchId' | 'feedId' | 'header'>;
  identityKey: Secret;
  tables: ReadonlyMap<string, FactTable>;
};

type Body = ReturnType<typeof bodyOf>;

const SHAPELESS: Rejection = { reason: 'row.shape', column: null };

/** How rows of one sheet are read: by position where they are lists, by name where objects. */
function sheetReader(
  connector: InterpreterSetup['connector'],
  sheet: string,
  header: readonly string[],
) {
  const byPosition = connector.interpreter(sheet, header);
  return (json: string): RowResult => {
    const cells: unknown = JSON.parse(json);
    if (Array.isArray(cells)) return byPosition(cells);
    if (typeof cells !== 'object' || cells === null) return { rejection: SHAPELESS };
    return connector.interpret({ sheet, cells: cells as Record<string, unknown> });
  };
}

/** Delivered column names by field, per sheet, for the clerk. */
const columnNames = ({ manifest }: InterpreterSetup['connector']) =>
  new Map(
    Object.entries(manifest.sheets).map(([name, sheet]) => [
      name,
      new Map([
        ...Object.entries(sheet.columns).flatMap(([column, { field }]) =>
          field === undefined ? [] : [[field, column] as const],
        ),
        ...Object.entries(sheet.mentions ?? {}).flatMap(([field, naming]) => {
          const column = namedBy(naming, sheet);
          return column === null ? [] : [[field, column] as const];
        }),
      ]),
    ]),
  );

type Found = { keys: number[]; kinds: Set<string>; hasMentions: boolean };
type Write = (
  sheet: string,
  ordinal: number,
  records: readonly FactRecord[],
  found: Found,
) => string | Rejection;

function recordWriter({ connector, batch, identityKey, tables }: InterpreterSetup): Write {
  const { feedId, batchId } = batch;
  const keys = createKeys(identityKey);
  const names = columnNames(connector);
  const shapes = new Map([...tables].map(([kind, table]) => [kind, shapeOf(table)]));
  return (sheet, ordinal, records, found) => {
    const bodies: Body[] = [];
    for (const record of records) {
      const body = bodyOf(record, keys);
      const shape = shapes.get(record.kind);
      if (!shape) return SHAPELESS;
      const table = tables.get(record.kind);
      if (table?.subject !== PERSON && table?.subject !== record.subject?.scheme) return SHAPELESS;
      const misfit = shape(body);
      if (misfit) return misfitRejection(misfit, names.get(sheet));
      bodies.push(body);
    }
    let lines = '';
    let part = 0;
    for (const record of records) {
      const place = { feedId, batchId, ordinal, part };
      const written = recordLine(place, record, JSON.stringify(bodies[part++]), keys);
      found.keys.push(keyNumber(written.key));
      found.kinds.add(record.kind);
      found.hasMentions ||= written.hasMention;
      lines += written.line;
    }
    return lines === '' ? SHAPELESS : lines;
  };
}

/** Prepares for the pages of one batch. */
export function pageInterpreter(setup: InterpreterSetup): (page: LandedPage) => InterpretedPage {
  const { connector, batch } = setup;
  const write = recordWriter(setup);
  const readers = new Map(
    Object.keys(connector.manifest.sheets).map((sheet) => [
      sheet,
      sheetReader(connector, sheet, batch.header[sheet] ?? []),
    ]),
  );
  return ({ firstOrdinal, sheet, lines: stored }) => {
    const found: Found = { keys: [], kinds: new Set(), hasMentions: false };
    const rejected: RejectedRow[] = [];
    const rows = linesOf(stored);
    const read = readers.get(sheet) ?? (() => ({ rejection: SHAPELESS }));
    let ordinal = firstOrdinal;
    let lines = '';
    for (const json of rows) {
      const result = read(json);
      const written =
        'records' in result ? write(sheet, ordinal, result.records, found) : result.rejection;
      if (typeof written === 'string') lines += written;
      else rejected.push({ ordinal, reason: written.reason, column: written.column });
      ordinal += 1;
    }
    return {
      rows: rows.length,
      lines: new TextEncoder().encode(lines),
      rejected,
      keys: Float64Array.from(found.keys),
      kinds: [...found.kinds],
      hasMentions: found.hasMentions,
    };
  };
}
