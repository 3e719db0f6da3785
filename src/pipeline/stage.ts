/**
 * What every stage is given, and the transaction every stage commits in: fenced, so that a run that
 * lost its lease changes nothing, and asynchronous to disk, which is safe because the batch's state
 * commits with its rows: if a power cut loses the commit, the stage simply runs again.
 */
import type { Connector } from '../../connectors/kit/index.ts';
import type { CalendarDate, Clock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import { failpoint } from '../base/failpoint.ts';
import type { Log } from '../base/log.ts';
import type { Secret } from '../base/secret.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Fence } from './lease.ts';

export type StageContext = {
  /** Worker role; at least three connections (a stage reads, writes, and the lease is renewed). */
  sql: Sql;
  identityKey: Secret;
  clock: Clock;
  log: Log;
  connectors: Map<string, Connector>;
  fence: Fence;
  onProgress?: (step: string, done: number, total?: number) => void;
  signal?: AbortSignal;
};

export type BatchState = 'landed' | 'normalised' | 'resolved' | 'linked' | 'refused';

export type Batch = {
  batchId: number;
  feedId: string;
  state: BatchState;
  asOf: CalendarDate;
  mode: 'full' | 'delta';
  header: Record<string, string[]>;
  rowsLanded: number;
  hasMentions: boolean;
};

/** The connector of a feed, or `feed.unknown`. */
export function connectorOf(ctx: Pick<StageContext, 'connectors'>, feedId: string): Connector {
  const connector = ctx.connectors.get(feedId);
  if (!connector) throw new HubError('feed.unknown', { feed: feedId });
  return connector;
}

export async function readBatch(sql: Sql | Transaction, batchId: number): Promise<Batch> {
  const [row] = await sql<Batch[]>`
    select batch_id::float8 as "batchId", feed_id as "feedId", state, as_of::text as "asOf", mode, header,
      rows_landed as "rowsLanded", has_mentions as "hasMentions"
    from hub.batch where batch_id = ${batchId}`;
  if (!row) throw new HubError('internal');
  return row;
}

/** Stops a run between two steps when the process was told to end; the open transaction rolls back. */
export function stopIfTold(ctx: Pick<StageContext, 'signal' | 'fence'>): void {
  if (ctx.signal?.aborted) throw new HubError('run.stopped', { name: ctx.fence.name });
}

/** One stage's transaction: all of its work, the batch's new state and the fence, or nothing. */
export async function stageTransaction<T>(
  ctx: StageContext,
  stage: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  failpoint(`${stage}.begin`);
  ctx.fence.moved();
  const result = await ctx.sql.begin(async (tx) => {
    await tx`set local synchronous_commit = off`;
    await tx`set local work_mem = '128MB'`;
    const value = await work(tx);
    ctx.fence.moved();
    stopIfTold(ctx);
    await ctx.fence.check(tx);
    failpoint(`${stage}.before-commit`);
    return value;
  });
  failpoint(`${stage}.after-commit`);
  return result as T;
}
