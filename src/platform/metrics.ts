/**
 * What this process counts about itself, in the form Prometheus reads. Labels are closed lists (codes,
 * states, names of queues, feeds, rules and routes): never a person, an id or a text somebody wrote.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export const ownMetrics = new Registry();
const registers = [ownMetrics];

/** Memory, processor time, garbage collection, open files and the lag of the event loop. */
collectDefaultMetrics({ register: ownMetrics });

const SHORT_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];
const LONG_S = [0.1, 1, 5, 15, 60, 300, 900, 3600, 14_400];

export const requestSeconds = new Histogram({
  name: 'hub_http_request_seconds',
  help: 'Time to answer a request, by route, method and HTTP status.',
  labelNames: ['route', 'method', 'status'],
  buckets: SHORT_S,
  registers,
});

export const refusals = new Counter({
  name: 'hub_refusals_total',
  help: 'Errors told to callers, by their code of the closed list.',
  labelNames: ['code'],
  registers,
});

export const accessLogEntries = new Counter({
  name: 'hub_access_log_entries_total',
  help: 'Entries of the access log: written, or failed (then no data went out).',
  labelNames: ['outcome'],
  registers,
});

export const accessLogSeconds = new Histogram({
  name: 'hub_access_log_commit_seconds',
  help: 'Time of one commit of entries of the access log.',
  buckets: SHORT_S,
  registers,
});

export const jobSeconds = new Histogram({
  name: 'hub_job_seconds',
  help: 'Time of one attempt at a job, by queue and outcome (done, failed, yielded, released).',
  labelNames: ['queue', 'outcome'],
  buckets: LONG_S,
  registers,
});

export type LaneCounts = { open: number; busy: number; waiting: number };
const laneProbes = new Set<() => LaneCounts>();

new Gauge({
  name: 'hub_read_lanes',
  help: 'Connections of the read path: open, busy; and requests waiting for one.',
  labelNames: ['state'],
  registers,
  collect() {
    const sum: LaneCounts = { open: 0, busy: 0, waiting: 0 };
    for (const probe of laneProbes) {
      const counts = probe();
      for (const state of ['open', 'busy', 'waiting'] as const) sum[state] += counts[state];
    }
    for (const [state, count] of Object.entries(sum)) this.set({ state }, count);
  },
});

/** Counts lanes from now on; the function given back ends that. */
export function watchLanes(probe: () => LaneCounts): () => void {
  laneProbes.add(probe);
  return () => laneProbes.delete(probe);
}
