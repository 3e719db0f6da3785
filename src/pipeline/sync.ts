/**
 * Pulls one feed into the graph. One run per feed at a time; what an earlier run left half done is
 * finished first; each delivery goes through all stages before the next begins. A delivery the
 * contract refuses is reported and passed over, so that one bad file does not hold up the others;
 * the order of arrival does not matter to the graph.
 */
import { randomUUID } from 'node:crypto';
import { HubError } from '../base/errors.ts';
import { failpoint } from '../base/failpoint.ts';
import { asHubError } from '../platform/foreign-errors.ts';
import { traced } from '../platform/trace.ts';
import type { Delivery } from '../transports/delivery.ts';
import { knownBatch } from './land/known-batch.ts';
import { land } from './land/land.ts';
import { withLease } from './lease.ts';
import { link } from './link/link.ts';
import { normalise } from './normalise/normalise.ts';
import { resolve } from './resolve/resolve.ts';
import { type BatchState, connectorOf, type StageContext, stopIfTold } from './stage.ts';
import { openSyncRun, type SyncRun } from './sync-run.ts';

export type SyncContext = Omit<StageContext, 'fence'> & {
  /** Term of the lease; a dead run is taken over after this long. */
  leaseMs?: number;
  /** A run that shows no progress for so long is given up as failed; see `LeaseOptions.stallMs`. */
  stallMs?: number;
  /** Id of the run when it was asked for beforehand; another attempt at it keeps the id. */
  syncRunId?: string;
};

export type DeliveryOutcome = {
  name: string;
  /** linked = in the graph; already-known = the same bytes came before; refused = not used, see error */
  outcome: 'linked' | 'already-known' | 'refused';
  batchId?: number;
  error?: HubError;
};

export type SyncOutcome = {
  syncRunId: string;
  state: 'done' | 'failed';
  deliveries: DeliveryOutcome[];
  /** The first refusal, when there is one. */
  error?: HubError;
};

const LEASE_MS = 60_000;

type Running = { ctx: StageContext; run: SyncRun; feedId: string; outcomes: DeliveryOutcome[] };

/** Takes one batch from wherever it stands to the graph. */
async function advance({ ctx, feedId }: Running, batchId: number): Promise<HubError | undefined> {
  stopIfTold(ctx);
  const { refusal } = await traced('stage.normalise', { feed: feedId }, () =>
    normalise(ctx, batchId),
  );
  if (refusal) {
    return new HubError('source.assertion-failed', { feed: feedId, reason: refusal });
  }
  await traced('stage.resolve', { feed: feedId }, () => resolve(ctx, batchId));
  stopIfTold(ctx);
  await traced('stage.link', { feed: feedId }, () => link(ctx, batchId));
  return undefined;
}

const UNFINISHED: readonly BatchState[] = ['landed', 'normalised', 'resolved'];

/** Batches an interrupted run left behind, oldest data first. */
async function resume(running: Running): Promise<void> {
  const rows = await running.ctx.sql<{ id: string; name: string }[]>`
    select batch_id as id, payload_name as name from hub.batch
    where feed_id = ${running.feedId} and state in ${running.ctx.sql([...UNFINISHED])}
    order by as_of, sequence, batch_id`;
  for (const { id, name } of rows) {
    const batchId = Number(id);
    report(running, { name, batchId }, await advance(running, batchId));
  }
}

function report(
  { outcomes }: Running,
  delivery: { name: string; batchId?: number },
  error: HubError | undefined,
) {
  outcomes.push(
    error ? { ...delivery, outcome: 'refused', error } : { ...delivery, outcome: 'linked' },
  );
}

/** Nobody knows today what was so tomorrow: a slip in the date would count above all that is to come. */
function refuseAhead({ clock }: StageContext, feed: string, { asOf }: Delivery) {
  if (asOf > clock.today()) throw new HubError('source.dated-ahead', { feed, date: asOf });
}

async function take(running: Running, delivery: Delivery): Promise<void> {
  const { ctx, feedId, run } = running;
  stopIfTold(ctx);
  const known = await knownBatch(ctx.sql, feedId, delivery);
  if (known !== undefined) {
    running.outcomes.push({ name: delivery.name, outcome: 'already-known', batchId: known });
    return;
  }
  try {
    refuseAhead(ctx, feedId, delivery);
    const { batchId } = await traced('stage.land', { feed: feedId }, () =>
      land(ctx, connectorOf(ctx, feedId), delivery, run.count),
    );
    failpoint('sync.between-stages');
    report(running, { name: delivery.name, batchId }, await advance(running, batchId));
  } catch (error) {
    if (!(error instanceof HubError) || error.kind !== 'source') throw error;
    report(running, { name: delivery.name }, error);
  }
}

async function runAll(running: Running, deliveries: AsyncIterable<Delivery>): Promise<SyncOutcome> {
  const { run, outcomes } = running;
  await resume(running);
  for await (const delivery of deliveries) await take(running, delivery);
  const error = outcomes.find((outcome) => outcome.error)?.error;
  const state = error ? 'failed' : 'done';
  await run.end(state, error);
  return { syncRunId: run.id, state, deliveries: outcomes, ...(error ? { error } : {}) };
}

/**
 * Brings a feed's deliveries into the graph. Throws `run.busy` when another run has the feed; a
 * refused delivery is in the outcome, any other failure is recorded in `sync_run` and thrown.
 */
export async function syncFeed(
  context: SyncContext,
  feedId: string,
  deliveries: AsyncIterable<Delivery>,
  requestedBy: string,
): Promise<SyncOutcome> {
  const { sql, clock, log, leaseMs: ttlMs = LEASE_MS, stallMs } = context;
  connectorOf(context, feedId);
  let run: SyncRun | undefined;
  const onFailure = async (cause: unknown) => {
    const error = asHubError(cause);
    log.error('sync.failed', cause, { feed: feedId });
    await run?.end(error.code === 'run.superseded' ? 'superseded' : 'failed', error);
  };
  const { signal } = context;
  const lease = { ttlMs, clock, signal, onFailure, ...(stallMs ? { stallMs } : {}) };
  return withLease(sql, `feed:${feedId}`, lease, async (fence) => {
    const id = context.syncRunId ?? randomUUID();
    run = await openSyncRun({ id, sql, clock, log, feedId, requestedBy });
    const onProgress = (step: string, done: number, total?: number) => {
      fence.moved();
      run?.progress(step, done, total);
      context.onProgress?.(step, done, total);
    };
    const ctx: StageContext = { ...context, fence, onProgress };
    const running: Running = { ctx, run, feedId, outcomes: [] };
    return traced('sync', { feed: feedId }, () => runAll(running, deliveries));
  });
}
