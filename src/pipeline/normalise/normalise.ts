/**
 * Turns every landed row of a batch into records or one quarantine row, in one transaction with the
 * batch's state. When the contract's assertions fail the batch is refused and nothing of it is used.
 */
import { failpoint } from '../../base/failpoint.ts';
import type { Transaction } from '../../platform/database.ts';
import { copyIn } from '../copy.ts';
import {
  type Batch,
  connectorOf,
  readBatch,
  type StageContext,
  stageTransaction,
} from '../stage.ts';
import { recordLines } from './read-rows.ts';
import { STAGED_COLUMNS } from './record-line.ts';
import { lostShare, settle, stage } from './settle.ts';

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
  zh: `${rows} 行中有 ${bad} 行不合格，超过约定的 ${percent(limit)}，整批未使用。`,
  en: `${bad} of ${rows} rows are bad, above the agreed ${percent(limit)}; nothing of the batch is used.`,
});

const tooManyGone = (share: number, limit: number): Refusal => ({
  zh: `上一批中的记录仅保留 ${percent(share)}，低于约定的 ${percent(limit)}，整批未使用。`,
  en: `Only ${percent(share)} of the previous batch's records remain, below the agreed ${percent(limit)}; nothing of the batch is used.`,
});

async function convert(tx: Transaction, ctx: StageContext, batch: Batch) {
  const { assert } = connectorOf(ctx, batch.feedId).manifest;
  const staging = await stage(tx, batch.batchId);
  const mostBad = Math.floor(assert.badRowsOver * batch.rowsLanded);
  const rows = await recordLines(ctx, batch, (bad) => {
    // Known early, and keeps what waits in staging small: nothing of it would be used anyway.
    if (bad > mostBad * 2 + 1000) {
      throw new BatchRefused(tooManyBad(bad, batch.rowsLanded, assert.badRowsOver));
    }
  });
  await copyIn(tx, `${staging} (${STAGED_COLUMNS})`, rows.lines);
  failpoint('normalise.after-staging');
  const { rejected } = rows.counts();
  if (rejected > mostBad) {
    throw new BatchRefused(tooManyBad(rejected, batch.rowsLanded, assert.badRowsOver));
  }
  if (batch.mode === 'full' && assert.keepShare !== undefined) {
    const share = await lostShare(tx, staging, batch.batchId);
    if (share < assert.keepShare) throw new BatchRefused(tooManyGone(share, assert.keepShare));
  }
  await settle(tx, { batch, staging, now: ctx.clock.now(), hasRejected: rejected > 0 });
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
