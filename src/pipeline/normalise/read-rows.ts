/**
 * Streams the landed rows of a batch in order of arrival and yields their staging lines: one per
 * record, or one with the reason why there is none. Memory holds one chunk of rows at a time.
 */
import type { Connector } from '../../../connectors/kit/index.ts';
import type { FactRecord, Rejection, RowResult } from '../../../connectors/kit/record.ts';
import { failpoint } from '../../base/failpoint.ts';
import { type FactTable, factTables } from '../fact-tables.ts';
import { type Batch, connectorOf, type StageContext, stopIfTold } from '../stage.ts';
import { misfitRejection, shapeOf } from './fact-shape.ts';
import { createKeySet } from './key-set.ts';
import { bodyOf, createKeys, recordLine } from './record-line.ts';

type Shape = ReturnType<typeof shapeOf>;
type Body = ReturnType<typeof bodyOf>;
type Tables = ReadonlyMap<string, FactTable>;

/** Why a landed row gave no record; the sentences are made when it is written down. */
export type RejectedRow = Rejection & { ordinal: number };

export type Outcome = {
  rows: number;
  rejected: RejectedRow[];
  /** Two rows may have the same key. */
  mayHaveDoubles: boolean;
  kinds: Set<string>;
};

export type RecordLines = { lines: AsyncIterable<string>; outcome: Outcome };

const SHAPELESS: Rejection = { reason: 'row.shape', column: null };

const ROWS_OF_PAGE = 4_000;
const ROWS_TOGETHER = 500;

type LandedRow = readonly [ordinal: number, sheet: string, cells: string];

/** Landed rows in order, a page at a time; the next page is fetched while this one is worked on. */
async function* landedPages({ sql }: StageContext, batch: Batch): AsyncIterable<LandedRow[]> {
  const fetch = async (after: number) => {
    const rows = await sql`
      select ordinal, sheet, cells::text from hub.landed_row where batch_id = ${batch.batchId}
        and ordinal > ${after} and ordinal <= ${after + ROWS_OF_PAGE} order by ordinal`.values();
    return rows as unknown as LandedRow[];
  };
  let coming = fetch(0);
  try {
    for (let after = 0; after < batch.rowsLanded; after += ROWS_OF_PAGE) {
      const page = await coming;
      coming = after + ROWS_OF_PAGE < batch.rowsLanded ? fetch(after + ROWS_OF_PAGE) : coming;
      yield page;
    }
  } finally {
    await coming.catch(() => undefined);
  }
}

/** How rows of one sheet are read: by position where they are lists, by name where objects. */
function sheetReader(connector: Connector, sheet: string, header: readonly string[]) {
  const byPosition = connector.interpreter(sheet, header);
  return (json: string): RowResult => {
    const cells: unknown = JSON.parse(json);
    if (Array.isArray(cells)) return byPosition(cells);
    if (typeof cells !== 'object' || cells === null) return { rejection: SHAPELESS };
    return connector.interpret({ sheet, cells: cells as Record<string, unknown> });
  };
}

/** Delivered column names by field, per sheet, for the clerk. */
const columnNames = ({ manifest }: Connector) =>
  new Map(
    Object.entries(manifest.sheets).map(([name, sheet]) => [
      name,
      new Map(
        Object.entries(sheet.columns).flatMap(([column, { field }]) =>
          field === undefined ? [] : [[field, column] as const],
        ),
      ),
    ]),
  );

type Writer = (
  sheet: string,
  ordinal: number,
  records: readonly FactRecord[],
) => string | Rejection;

function recordWriter(ctx: StageContext, batch: Batch, tables: Tables, outcome: Outcome): Writer {
  const connector = connectorOf(ctx, batch.feedId);
  const keys = createKeys(ctx.identityKey);
  const names = columnNames(connector);
  const shapes = new Map<string, Shape>([...tables].map(([kind, table]) => [kind, shapeOf(table)]));
  const seen = createKeySet();
  return (sheet, ordinal, records) => {
    const bodies: Body[] = [];
    for (const record of records) {
      const body = bodyOf(record, keys);
      const shape = shapes.get(record.kind);
      if (!shape) return SHAPELESS;
      const misfit = shape(body);
      if (misfit) return misfitRejection(misfit, names.get(sheet));
      bodies.push(body);
    }
    let lines = '';
    let part = 0;
    for (const record of records) {
      const place = { feedId: batch.feedId, batchId: batch.batchId, ordinal, part };
      const { key, line } = recordLine(place, record, JSON.stringify(bodies[part++]), keys);
      if (seen.add(key)) outcome.mayHaveDoubles = true;
      outcome.kinds.add(record.kind);
      lines += line;
    }
    return lines === '' ? SHAPELESS : lines;
  };
}

/** Opens the landed rows of a batch; `onRejected` is told the number of bad rows as it grows. */
export async function recordLines(
  ctx: StageContext,
  batch: Batch,
  onRejected: (count: number) => void,
): Promise<RecordLines> {
  const connector = connectorOf(ctx, batch.feedId);
  const outcome: Outcome = { rows: 0, rejected: [], mayHaveDoubles: false, kinds: new Set() };
  const write = recordWriter(ctx, batch, await factTables(), outcome);
  const readers = new Map(
    Object.keys(connector.manifest.sheets).map((sheet) => [
      sheet,
      sheetReader(connector, sheet, batch.header[sheet] ?? []),
    ]),
  );

  const lineOf = ([ordinal, sheet, json]: LandedRow): string => {
    const result = readers.get(sheet)?.(json) ?? { rejection: SHAPELESS };
    const written = 'records' in result ? write(sheet, ordinal, result.records) : result.rejection;
    if (typeof written === 'string') return written;
    outcome.rejected.push({ ordinal, ...written });
    onRejected(outcome.rejected.length);
    return '';
  };

  async function* lines(): AsyncIterable<string> {
    for await (const page of landedPages(ctx, batch)) {
      stopIfTold(ctx);
      for (let from = 0; from < page.length; from += ROWS_TOGETHER) {
        let text = '';
        for (const row of page.slice(from, from + ROWS_TOGETHER)) text += lineOf(row);
        yield text;
      }
      outcome.rows += page.length;
      ctx.onProgress?.('normalise', outcome.rows, batch.rowsLanded);
      failpoint('normalise.during-rows');
    }
  }
  return { lines: lines(), outcome };
}
