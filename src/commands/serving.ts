/** The long-running parts of a hub, wired: workers on the queue, and the API. */

import { startApi } from '../api/index.ts';
import type { Config } from '../base/config.ts';
import { HubError } from '../base/errors.ts';
import {
  queueBoard,
  registerSchedules,
  requests,
  type ScheduleContext,
  startWorker,
} from '../jobs/index.ts';
import { openMonitor } from '../operate/monitor.ts';
import { readinessOf } from '../operate/readiness.ts';
import { openStoredState } from '../operate/stored-state.ts';
import { connect } from '../platform/database.ts';
import { openQueue } from '../platform/queue.ts';
import { urlOf } from './databases.ts';
import { type Hub, takeSettings } from './hub.ts';
import { workOf } from './work.ts';

const BOARD = '/operations/queues';
/** A stage in progress gets this long to end by itself before it is rolled back. */
const GRACE_MS = 10_000;
/** A question of the monitor that takes longer is given up: the database has better things to do. */
const MONITOR_PATIENCE_MS = '5000';

/** The queue and what keeps it equal to the schedules in the database. */
export async function openJobs(hub: Hub): Promise<ScheduleContext> {
  const { config, urls, log, sql, clock, closing } = hub;
  const jobs = await openQueue({
    databaseUrl: urls.worker ?? urlOf(urls, 'api'),
    ...(config.redisUrl ? { redisUrl: config.redisUrl } : {}),
    log,
  });
  const grace = config.isProduction ? GRACE_MS : GRACE_MS / 5;
  closing.add(() => jobs.close(grace));
  const context = { jobs, sql, clock, log };
  return context;
}

export async function startWorkers(hub: Hub, context: ScheduleContext): Promise<void> {
  await takeSettings(hub.sql, { ...hub, isFirst: false });
  await registerSchedules(context, hub.config.nightlyCron);
  const worker = await startWorker(context, workOf(hub));
  hub.closing.add(async () => worker.stop());
}

/** Starts the API; returns its port. A default port that is taken gives way to the next one. */
export async function startApiOf(
  hub: Hub,
  context: ScheduleContext,
  { explorerFolder, mayMove }: { explorerFolder?: string | undefined; mayMove: boolean },
): Promise<number> {
  const { config, urls, keys, clock, log, closing } = hub;
  const { tokens } = keys;
  if (!tokens) throw new HubError('internal');
  const databaseUrl = urlOf(urls, 'api');
  const sql = connect(databaseUrl, { role: 'api', max: 2, name: 'hub-api-requests' });
  closing.add(() => sql.end({ timeout: 5 }));
  const tries = mayMove && config.port !== 0 ? 20 : 1;
  for (let port = config.port; ; port += 1) {
    try {
      const server = await startApi({
        config: { ...config, port },
        databaseUrl,
        keys: { ...keys, tokens },
        clock,
        log,
        actions: requests({ ...context, sql }),
        explorerFolder,
        mounts: [{ path: BOARD, plugin: queueBoard(context.jobs, BOARD) }],
      });
      closing.add(() => server.close());
      return server.port;
    } catch (error) {
      if (!isPortTaken(error)) throw error;
      if (port + 1 < config.port + tries) continue;
      throw portTaken(config);
    }
  }
}

/** Metrics and health of this process, where an address is configured for them. */
export async function startMonitor(
  { config, urls, clock, log, closing }: Hub,
  { jobs }: ScheduleContext,
  role: 'api' | 'worker',
): Promise<void> {
  if (!config.monitor) return;
  const settings = { statement_timeout: MONITOR_PATIENCE_MS };
  const sql = connect(urlOf(urls, role), { role, max: 1, name: 'hub-monitor', settings });
  closing.add(() => sql.end({ timeout: 2 }));
  // What all processes did is the workers' to tell: the API's role sees none of it.
  const stored = role === 'worker' ? { stored: openStoredState({ sql, jobs, clock, log }) } : {};
  const isReady = readinessOf(sql, role, log);
  const monitor = await openMonitor({ ...config.monitor, isReady, log, ...stored });
  closing.add(() => monitor.close());
  log.info('monitor.listening', { port: monitor.port });
}

const isPortTaken = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

const portTaken = ({ port }: Config) =>
  new HubError('config.invalid', { setting: 'PORT', reason: `PORT: ${port} is in use` });
