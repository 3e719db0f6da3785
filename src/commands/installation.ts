/** hub all | api | worker: a configured installation, running until told to stop. */
import { loadConfig } from '../base/config.ts';
import { createLog } from '../base/log.ts';
import { openExplorer } from './explorer.ts';
import { openHub } from './hub.ts';
import { parse } from './options.ts';
import { feedsWithoutSource } from './pull-feeds.ts';
import { openJobs, startApiOf, startMonitor, startWorkers } from './serving.ts';
import { Closing, listenForStop } from './stopping.ts';

export async function runInstallation(
  args: readonly string[],
  parts: { api: boolean; worker: boolean },
): Promise<number> {
  parse(args, {});
  const needed = [
    ...(parts.worker ? ['worker' as const] : []),
    ...(parts.api ? ['api' as const] : []),
  ];
  const config = loadConfig(needed);
  const log = createLog();
  const closing = new Closing();
  const stopping = listenForStop();
  try {
    const hub = await openHub({ config, log, closing, signal: stopping.signal }, needed);
    const resting = feedsWithoutSource(hub).map(({ id }) => id);
    if (parts.worker && resting.length > 0) {
      log.warn('feed.without-source', { feeds: resting.join(', '), see: 'feeds.example.yml' });
    }
    const context = await openJobs(hub);
    await startMonitor(hub, context, parts.worker ? 'worker' : 'api');
    if (parts.worker) await startWorkers(hub, context);
    if (parts.api) {
      const explorerFolder = config.hasExplorer
        ? await openExplorer(config, closing, log)
        : undefined;
      const port = await startApiOf(hub, context, { explorerFolder, mayMove: false });
      log.info('api.listening', { port });
    }
    log.info('hub.ready', { queue: context.jobs.backend, api: parts.api, worker: parts.worker });
    await stopping.told;
    log.info('hub.stopping');
  } finally {
    await closing.close();
  }
  return 0;
}
