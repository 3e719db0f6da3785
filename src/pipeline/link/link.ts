/**
 * Makes the graph say what the record log says. The graph is a pure function of the log and the
 * batches: every order of arrival, and a rebuild from nothing, give the same facts. A batch is linked
 * in one transaction, beside those of other feeds (locks.ts), so nobody ever sees half of one.
 */

import { failpoint } from '../../base/failpoint.ts';
import type { Transaction } from '../../platform/database.ts';
import { type Batch, readBatch, type StageContext, stageTransaction } from '../stage.ts';
import { noteChanges } from './changes.ts';
import { type LinkKind, linkKinds, POPULATION_KINDS } from './link-kinds.ts';
import { lockBatch, takeLock } from './locks.ts';
import { linkFirst } from './relink.ts';
import { touchBatch, touchMoved } from './touched.ts';
import { isFirstOfKind, isNewest, openWorkspace, precedingBatch } from './workspace.ts';

/** Kinds the batch speaks about, and those of records that moved when it was resolved. */
async function kindsOf(tx: Transaction, batchId: number) {
  const [row] = await tx<{ own: string[]; moved: string[] }[]>`
    select kinds as own, array(select distinct kind from hub.moved_record m
      where m.batch_id = b.batch_id) as moved
    from hub.batch b where batch_id = ${batchId}`;
  return row ?? { own: [], moved: [] };
}

async function linkBatch(tx: Transaction, ctx: StageContext, batch: Batch): Promise<void> {
  const { batchId } = batch;
  const { own, moved } = await kindsOf(tx, batchId);
  const makesPopulation = POPULATION_KINDS.some(
    (kind) => own.includes(kind) || moved.includes(kind),
  );
  if (makesPopulation) await takeLock(tx, 'population');
  await openWorkspace(tx, batchId);
  const newest = await isNewest(tx, batchId);
  const preceding = newest ? await precedingBatch(tx, batchId) : undefined;
  await touchMoved(tx, batchId, POPULATION_KINDS);
  const linkOwn: LinkKind = async (table) => {
    if (await isFirstOfKind(tx, batchId, table.kind)) return linkFirst(tx, table, batchId);
    await touchBatch(tx, table, { ...batch, isNewest: newest, preceding });
  };
  await linkKinds(tx, {
    batchId,
    makesPopulation,
    isAlone: moved.length > 0,
    kinds: own,
    linkOwn,
    touchOthers: () => touchMoved(tx, batchId, moved),
    onProgress: (done, total) => ctx.onProgress?.('link', done, total),
  });
}

async function finish(tx: Transaction, ctx: StageContext, { batchId, feedId }: Batch) {
  await tx`delete from hub.moved_record where batch_id = ${batchId}`;
  const now = ctx.clock.now();
  await tx`update hub.batch set state = 'linked', linked_at = ${now} where batch_id = ${batchId}`;
  await tx`update hub.feed f set last_synced_at = ${now}, data_as_of = greatest(f.data_as_of, b.as_of)
    from hub.batch b where b.batch_id = ${batchId} and f.feed_id = ${feedId}`;
  await noteChanges(tx, batchId);
}

/** Links one resolved batch; a batch that is linked already is left alone. */
export async function link(ctx: StageContext, batchId: number): Promise<void> {
  ctx.onProgress?.('link', 0);
  await stageTransaction(ctx, 'link', async (tx) => {
    await lockBatch(tx, batchId);
    const batch = await readBatch(tx, batchId);
    if (batch.state !== 'resolved') return;
    await linkBatch(tx, ctx, batch);
    await finish(tx, ctx, batch);
    failpoint('link.after-finish');
  });
  ctx.onProgress?.('link', 1, 1);
}
