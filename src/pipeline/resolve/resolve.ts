/** Finds out who a batch's rows are about where they carry no ID number, and re-judges older rows. */
import { lockBatch, takeLock } from '../link/locks.ts';
import { readBatch, type StageContext, stageTransaction } from '../stage.ts';
import { resolveMentions } from './resolve-mentions.ts';

/** Resolves one normalised batch; a batch that is past this state is left alone. */
export async function resolve(ctx: StageContext, batchId: number): Promise<void> {
  ctx.onProgress?.('resolve', 0);
  await stageTransaction(ctx, 'resolve', async (tx) => {
    await lockBatch(tx, batchId);
    const batch = await readBatch(tx, batchId);
    if (batch.state !== 'normalised') return;
    if (batch.hasMentions) {
      await takeLock(tx, 'mentions');
      await tx`create temp table mention on commit drop as
        select distinct mention_key from hub.stated
        where batch_id = ${batchId} and mention_key is not null`;
      await resolveMentions(tx, ctx, batchId);
    }
    await tx`update hub.batch set state = 'resolved' where batch_id = ${batchId}`;
  });
  ctx.onProgress?.('resolve', 1, 1);
}
