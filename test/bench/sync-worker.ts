/**
 * One worker of the sync measurement: a hub as `hub worker` opens it, taking one feed at a time.
 * Everything else is in its settings.
 */
import { loadConfig } from '../../src/base/config.ts';
import { silentLog } from '../../src/base/log.ts';
import { openHub } from '../../src/commands/hub.ts';
import { openJobs } from '../../src/commands/serving.ts';
import { Closing } from '../../src/commands/stopping.ts';
import { workOf } from '../../src/commands/work.ts';
import { startWorker } from '../../src/jobs/index.ts';
import { announce } from './announce.ts';

const hub = await openHub({ config: loadConfig(), log: silentLog, closing: new Closing() });
await startWorker(await openJobs(hub), workOf(hub), { syncConcurrency: 1 });
announce({ port: 0 });
