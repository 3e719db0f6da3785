/** Sync and night as the job layer calls them, on an open hub. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Connector } from '../../connectors/kit/index.ts';
import { retainAccessLog } from '../audit/retain-log.ts';
import { HubError } from '../base/errors.ts';
import type { Control, NightRequest, SyncRequest, Work } from '../jobs/index.ts';
import {
  correlate,
  helpNight,
  knownBatch,
  type NightOutcome,
  retainLanded,
  type SyncOutcome,
  syncFeed,
} from '../pipeline/index.ts';
import { refreshStatistics } from '../platform/refresh-statistics.ts';
import {
  type Arriving,
  type Delivery,
  deliveriesFrom,
  type PathOptions,
  pull,
} from '../transports/index.ts';
import type { Hub } from './hub.ts';
import { PullNotes } from './pull-notes.ts';

const stageOf = (hub: Hub, { signal, progress }: Control) => ({
  sql: hub.sql,
  identityKey: hub.keys.identity,
  clock: hub.clock,
  log: hub.log,
  connectors: hub.connectors,
  onProgress: progress,
  signal,
});

/** Deliveries on their way, and what the transport has to say about them besides. */
export type Pulled = { deliveries: AsyncIterable<Delivery>; notes: PullNotes };

/** Whether the hub has these bytes of a feed already, and what else a transport wants to know. */
const pullContextOf = (hub: Hub, feedId: string, signal: AbortSignal, notes: PullNotes) => ({
  clock: hub.clock,
  log: hub.log,
  signal,
  drift: notes.drift,
  passedOver: notes.passedOver,
  known: async (arriving: Arriving) => (await knownBatch(hub.sql, feedId, arriving)) !== undefined,
});

export function connectorOf(hub: Hub, feedId: string): Connector {
  const connector = hub.connectors.get(feedId);
  if (!connector) throw new HubError('feed.unknown', { feed: feedId });
  return connector;
}

/**
 * What the feed's configured source has that the hub does not. Without a source the run fails that
 * asks for the first of them, so that the run's record says why.
 */
export function deliveriesOf(hub: Hub, feedId: string, signal: AbortSignal): Pulled {
  const notes = new PullNotes();
  async function* deliveries() {
    const connector = connectorOf(hub, feedId);
    const source = hub.sources.get(feedId);
    if (!source) throw new HubError('feed.without-source', { feed: feedId });
    yield* pull(connector, source, pullContextOf(hub, feedId, signal, notes));
  }
  return { deliveries: deliveries(), notes };
}

/** The same from a file or folder that somebody brought. */
export function deliveriesByHand(
  hub: Hub,
  feedId: string,
  { from, signal, ...options }: { from: string; signal: AbortSignal } & Partial<PathOptions>,
): Pulled {
  const notes = new PullNotes();
  const context = { ...pullContextOf(hub, feedId, signal, notes), ...options };
  return { deliveries: deliveriesFrom(connectorOf(hub, feedId), from, context), notes };
}

export type SyncResult = {
  outcome: SyncOutcome;
  deliveries: number;
  refused: number;
  rows: number;
  quarantined: number;
  /** Files in the folder that are no deliveries of the feed. */
  passedOver: number;
  /** What else the run's drift says. */
  notes: number;
};

/** Takes deliveries through every stage into the graph. */
export async function syncDeliveries(
  hub: Hub,
  { deliveries, notes }: Pulled,
  { feedId, syncRunId, requestedBy }: SyncRequest,
  control: Control,
): Promise<SyncResult> {
  const stage = { ...stageOf(hub, control), syncRunId };
  let outcome: SyncOutcome | undefined;
  try {
    outcome = await syncFeed(stage, feedId, deliveries, requestedBy);
  } finally {
    await notes.keep(hub.sql, syncRunId, outcome?.deliveries ?? []);
  }
  const [run] = await hub.sql<{ rows: number; quarantined: number }[]>`
    select rows_landed as rows, rows_quarantined as quarantined
    from hub.sync_run where sync_run_id = ${syncRunId}`;
  const { deliveries: ended } = outcome;
  const count = (kind: string) => ended.filter((it) => it.outcome === kind).length;
  return {
    outcome,
    deliveries: count('linked'),
    refused: count('refused'),
    rows: run?.rows ?? 0,
    quarantined: run?.quarantined ?? 0,
    passedOver: notes.files,
    notes: notes.others,
  };
}

/** A result in words. */
export function describeSync(result: SyncResult): string {
  const { deliveries, refused, rows, quarantined, passedOver, notes } = result;
  const some = (n: number, words: string) => (n > 0 ? `, ${n} ${words}` : '');
  const strays = some(passedOver, '个文件未取 files passed over');
  const bad = `${some(refused, '批拒收 refused')}${strays}${some(notes, '条提示 notes')}`;
  if (deliveries === 0) return `没有新交付 nothing new${bad}`;
  const kept = some(quarantined, '行隔离 quarantined');
  return `${deliveries} 批 deliveries, ${rows} 行 rows${kept}${bad}`;
}

const nightOf = (hub: Hub, control: Control) => ({
  ...stageOf(hub, control),
  ...(hub.config.nightWorkers ? { workers: hub.config.nightWorkers } : {}),
});

/** A night in words: what is new, and what nobody has checked. */
export function describeNight({ warnings, rules, states }: NightOutcome): string {
  const open = rules.length - states.evaluated;
  const unanswered = open > 0 ? `，${open} 条规则未评估 rules not evaluated` : '';
  return `${warnings.raised} 条新预警 new warnings${unanswered}`;
}

/** Runs the rule book. */
export async function runNight(
  hub: Hub,
  { nightId, asOf, mode, requestedBy }: NightRequest,
  control: Control,
  onParts: (parts: number) => Promise<void> = async () => undefined,
): Promise<NightOutcome> {
  await refreshStatistics(hub.sql);
  const context = {
    ...nightOf(hub, control),
    // Help that cannot be asked for leaves the night to this process.
    onParts: (parts: number) =>
      void onParts(parts).catch((error: unknown) => hub.log.error('night.alone', error)),
  };
  const outcome = await correlate(context, { asOf, mode, requestedBy, nightId });
  await retain(hub);
  return outcome;
}

/** Old deliveries go after the night's warnings have copied what they cite; a fault waits for the next night. */
async function retain({ sql, clock, log, config }: Hub): Promise<void> {
  const { keepLandedMonths: keepMonths, keepLogMonths } = config;
  await retainLanded({ sql, clock, log, keepMonths }).catch((error: unknown) =>
    log.error('landed.not-retained', error),
  );
  await retainAccessLog({ sql, log, keepMonths: keepLogMonths }).catch((error: unknown) =>
    log.error('audit.not-retained', error),
  );
}

const BUSY_MS = 1000;

/** Waits for its turn where another run is at the same work, or was until it was killed; says for whom. */
export async function whenFree<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
  say: (line: string) => void,
): Promise<T> {
  let told: unknown;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof HubError && error.code === 'run.busy') || signal.aborted) throw error;
      const { name, holder, until } = error.details;
      if (holder !== told) {
        say(
          `… 等待 waiting: ${name} ← ${holder}, 至 until ${until}（仍在运行则顺延 longer while it goes on）`,
        );
      }
      told = holder;
      await delay(BUSY_MS, undefined, { signal }).catch(() => {
        throw new HubError('run.stopped', { name: name ?? '' });
      });
    }
  }
}

export const workOf = (hub: Hub): Work => ({
  async sync(request, control) {
    const { feedId } = request;
    const deliveries = deliveriesOf(hub, feedId, control.signal);
    const { outcome } = await syncDeliveries(hub, deliveries, request, control);
    // What was refused is recorded; the job says so too, so that the board shows it.
    if (outcome.error) throw outcome.error;
  },
  async correlate(request, control, onParts) {
    await runNight(hub, request, control, onParts);
  },
  async help({ nightId }, control) {
    await helpNight(nightOf(hub, control), nightId);
  },
});
