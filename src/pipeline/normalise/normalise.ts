/**
 * Turns every landed row of a batch into records or one quarantine row, in one transaction with the
 * batch's state. When the contract's assertions fail the batch is refused and nothing of it is used.
 */
import type { Manifest } from '../../../connectors/kit/index.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { Transaction } from '../../platform/database.ts';
import {
  type Batch,
  connectorOf,
  readBatch,
  type StageContext,
  stageTransaction,
} from '../stage.ts';
import { noted, outcomeOf } from './outcome.ts';
import { planPages } from './plan-pages.ts';
import { interpretedPages } from './read-pages.ts';
import { keptShare, settle } from './settle.ts';
import { listPages, storePages } from './store-pages.ts';

export type Refusal = { zh: string; en: string };
export type Normalised = { refusal: Refusal | undefined };

/** Thrown inside the transaction to undo it; carries the reason to write down afterwards. */
class BatchRefused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super('batch refused');
    this.refusal = refusal;
  }
}

const percent = (share: number) => `${Math.round(share * 1000) / 10}%`;

const tooManyBad = (bad: number, rows: number, limit: number): Refusal => ({
  zh: `${rows} 行中至少有 ${bad} 行不合格，超过约定的 ${percent(limit)}，整批未使用。`,
  en: `At least ${bad} of ${rows} rows are bad, above the agreed ${percent(limit)}; nothing of the batch is used.`,
});

const tooManyGone = (share: number, limit: number): Refusal => ({
  zh: `上一批中的记录仅保留 ${percent(share)}，低于约定的 ${percent(limit)}，整批未使用。`,
  en: `Only ${percent(share)} of the previous batch's records remain, below the agreed ${percent(limit)}; nothing of the batch is used.`,
});

/** Known early, bad rows keep their list small: nothing of a batch with too many would be used. */
function limitOf({ assert }: Manifest, { rowsLanded }: Batch) {
  const mostBad = Math.floor(assert.badRowsOver * rowsLanded);
  return (bad: number) => {
    if (bad > mostBad) throw new BatchRefused(tooManyBad(bad, rowsLanded, assert.badRowsOver));
  };
}

async function convert(tx: Transaction, ctx: StageContext, batch: Batch) {
  const { batchId } = batch;
  const { manifest } = connectorOf(ctx, batch.feedId);
  const plan = await planPages(tx, ctx, batch);
  const { outcome, note } = outcomeOf(plan, limitOf(manifest, batch));
  const pages = interpretedPages(ctx, batch, plan.fresh);
  await storePages(tx, batchId, noted(pages, outcome, note));
  await listPages(tx, batchId, plan.pages);
  failpoint('normalise.after-records');
  await settle(tx, batch, outcome, ctx.clock.now());
  const { keepShare } = manifest.assert;
  if (batch.mode === 'full' && keepShare !== undefined) {
    const share = await keptShare(tx, batchId);
    if (share < keepShare) throw new BatchRefused(tooManyGone(share, keepShare));
  }
}

async function refuse(ctx: StageContext, batchId: number, { zh, en }: Refusal) {
  await stageTransaction(ctx, 'refuse', async (tx) => {
    await tx`update hub.batch set state = 'refused', refused_zh = ${zh}, refused_en = ${en}
      where batch_id = ${batchId} and state = 'landed'`;
  });
}

/** Normalises one landed batch; a batch that is past this state is left alone. */
export async function normalise(ctx: StageContext, batchId: number): Promise<Normalised> {
  try {
    await stageTransaction(ctx, 'normalise', async (tx) => {
      const batch = await readBatch(tx, batchId);
      if (batch.state === 'landed') await convert(tx, ctx, batch);
    });
    return { refusal: undefined };
  } catch (error) {
    if (!(error instanceof BatchRefused)) throw error;
    await refuse(ctx, batchId, error.refusal);
    return { refusal: error.refusal };
  }
}
