/**
 * Streams the landed rows of a batch in order of arrival and yields their staging lines: one per
 * record, or one with the reason why there is none. Memory holds one chunk of rows at a time.
 */
import type { Connector } from '../../../connectors/kit/index.ts';
import type { FactRecord, Rejection, RowResult } from '../../../connectors/kit/record.ts';
import { failpoint } from '../../base/failpoint.ts';
import { COPY_NULL, copyOut, copyText, uncopied } from '../copy.ts';
import { type FactTable, factTables } from '../fact-tables.ts';
import { type Batch, connectorOf, type StageContext, stopIfTold } from '../stage.ts';
import { misfitRejection, shapeOf } from './fact-shape.ts';
import { quarantineMessage } from './messages.ts';
import { bodyOf, createKeys, type Keys, recordLine } from './record-line.ts';

type Shape = ReturnType<typeof shapeOf>;

export type RecordLines = {
  lines: AsyncIterable<string>;
  counts(): { rows: number; rejected: number };
};

const SHAPELESS: Rejection = { reason: 'row.shape', column: null };

function rejectedLine(ordinal: number, rejection: Rejection): string {
  const { zh, en } = quarantineMessage(rejection);
  const column = rejection.column === null ? COPY_NULL : copyText(rejection.column);
  return `${ordinal}\t0\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t${rejection.reason}\t${column}\t${copyText(zh)}\t${copyText(en)}\n`;
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

function recordWriter(
  connector: Connector,
  tables: ReadonlyMap<string, FactTable>,
  keys: Keys,
): Writer {
  const names = columnNames(connector);
  const shapes = new Map<string, Shape>([...tables].map(([kind, table]) => [kind, shapeOf(table)]));
  return (sheet, ordinal, records) => {
    let lines = '';
    let part = 0;
    for (const record of records) {
      const body = bodyOf(record, keys);
      const shape = shapes.get(record.kind);
      if (!shape) return SHAPELESS;
      const misfit = shape(body);
      if (misfit) return misfitRejection(misfit, names.get(sheet));
      const place = { feedId: connector.id, ordinal, part: part++ };
      lines += recordLine(place, record, JSON.stringify(body), keys);
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
  const write = recordWriter(connector, await factTables(), createKeys(ctx.identityKey));
  const readers = new Map<string, ReturnType<typeof sheetReader>>();
  const readerOf = (sheet: string) => {
    const reader = readers.get(sheet) ?? sheetReader(connector, sheet, batch.header[sheet] ?? []);
    readers.set(sheet, reader);
    return reader;
  };
  let rows = 0;
  let rejected = 0;

  const lineOf = (text: string): string => {
    const [ordinalText = '', sheetText = '', json = ''] = text.split('\t');
    const ordinal = Number(ordinalText);
    const sheet = uncopied(sheetText);
    const result = readerOf(sheet)(uncopied(json));
    const written = 'records' in result ? write(sheet, ordinal, result.records) : result.rejection;
    if (typeof written === 'string') return written;
    rejected += 1;
    onRejected(rejected);
    return rejectedLine(ordinal, written);
  };

  async function* lines(): AsyncIterable<string> {
    const query = `select ordinal, sheet, cells from hub.landed_row
      where batch_id = ${batch.batchId} order by ordinal`;
    const reading = await ctx.sql.reserve();
    try {
      for await (const group of copyOut(reading, query)) {
        stopIfTold(ctx);
        let text = '';
        for (const line of group) text += lineOf(line);
        rows += group.length;
        yield text;
        ctx.onProgress?.('normalise', rows, batch.rowsLanded);
        failpoint('normalise.during-rows');
      }
    } finally {
      reading.release();
    }
  }
  return { lines: lines(), counts: () => ({ rows, rejected }) };
}
