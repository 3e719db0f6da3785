/**
 * Stores a delivery as it came, except the columns nobody may store. One transaction per delivery
 * and the batch's row last: a stream that breaks, columns that drift or too few rows leave nothing.
 * The same bytes again are known and change nothing (known-batch.ts).
 */
import type { Connector } from '../../../connectors/kit/index.ts';
import { HubError } from '../../base/errors.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { Transaction } from '../../platform/database.ts';
import type { Delivery } from '../../transports/delivery.ts';
import { loadRows } from '../load.ts';
import { type StageContext, stageTransaction, stopIfTold } from '../stage.ts';
import { PAGE_COLUMNS, type PageWriter, pageWriter } from './pages.ts';
import { type SheetDoor, sheetDoors } from './sheet-door.ts';

export type Landed = { batchId: number; rows: number; drift: string[] };

const ROWS_BETWEEN_REPORTS = 20_000;

/** Lands one delivery and counts it; the caller has checked that its bytes are not known. */
export async function land(
  ctx: StageContext,
  connector: Connector,
  delivery: Delivery,
  count: (tx: Transaction, landed: Landed) => Promise<void>,
): Promise<Landed> {
  const landed = await stageTransaction(ctx, 'land', async (tx) => {
    const [next] = await tx<{ id: string }[]>`
      select nextval(pg_get_serial_sequence('hub.batch', 'batch_id')) as id`;
    const batchId = Number(next?.id);
    const doors = sheetDoors(connector);
    const pages = pageWriter({ batchId, landedOn: ctx.clock.today() });
    const lines = pageLines(ctx, delivery, doors, pages);
    await loadRows(tx, { table: 'landed_page', columns: PAGE_COLUMNS, batchId, lines });
    failpoint('land.after-rows');
    doors.close();
    const rows = pages.rows();
    refuseTooFew(connector, rows);
    await insertBatch(tx, ctx, { connector, delivery, doors, batchId, rows });
    const landed = { batchId, rows, drift: doors.drift() };
    await count(tx, landed);
    return landed;
  });
  ctx.onProgress?.('land', landed.rows, landed.rows);
  return landed;
}

async function* pageLines(
  ctx: StageContext,
  delivery: Delivery,
  doors: SheetDoor,
  pages: PageWriter,
): AsyncIterable<string> {
  let rows = 0;
  for await (const row of delivery.sheets) {
    const full = pages.add(row.sheet, JSON.stringify(doors.admit(row)));
    if (full !== '') yield full;
    rows += 1;
    if (rows % ROWS_BETWEEN_REPORTS === 0) {
      stopIfTold(ctx);
      ctx.onProgress?.('land', rows);
      failpoint('land.during-rows');
    }
  }
  yield pages.rest();
}

function refuseTooFew({ id, manifest }: Connector, rows: number) {
  const least = manifest.assert.rowsMin;
  if (rows >= least) return;
  throw new HubError('source.assertion-failed', {
    feed: id,
    reason: {
      zh: `只有 ${rows} 行，约定至少 ${least} 行`,
      en: `${rows} rows where ${least} are agreed`,
    },
  });
}

type NewBatch = {
  connector: Connector;
  delivery: Delivery;
  doors: SheetDoor;
  batchId: number;
  rows: number;
};

async function insertBatch(
  tx: Transaction,
  ctx: StageContext,
  { connector, delivery, doors, batchId, rows }: NewBatch,
) {
  await ctx.fence.check(tx);
  await tx`
    insert into hub.batch (batch_id, feed_id, as_of, sequence, mode, payload_name, payload_digest,
      payload_bytes, header, kinds, state, rows_landed, received_at)
    overriding system value
    values (${batchId}, ${connector.id}, ${delivery.asOf}, ${delivery.sequence},
      ${connector.manifest.mode}, ${delivery.name}, ${delivery.digest}, ${delivery.bytes},
      ${tx.json(doors.headers())}, ${doors.kinds()}, 'landed', ${rows}, ${ctx.clock.now()})`;
}
