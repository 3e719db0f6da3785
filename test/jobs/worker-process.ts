/**
 * A worker in a process of its own, for tests that kill it. Each sync writes one row under a fenced
 * lease and then, when told to hang, stays there holding everything.
 *
 * argv: database URL, Redis URL or "-", prefix, "hang" or "work"
 */
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { startWorker } from '../../src/jobs/index.ts';
import { withLease } from '../../src/pipeline/lease.ts';
import { connect } from '../../src/platform/database.ts';
import { openQueue } from '../../src/platform/queue.ts';

const [databaseUrl = '', redisUrl = '-', prefix = '', mode = 'work'] = process.argv.slice(2);
const url = new Secret(databaseUrl);
const sql = connect(url, { role: 'owner' });
const jobs = await openQueue({
  databaseUrl: url,
  ...(redisUrl === '-' ? {} : { redisUrl: new Secret(redisUrl) }),
  prefix,
  log: silentLog,
  lockMs: 1000,
  retry: { attempts: 1, delayMs: 50 },
});
const say = (text: string) => process.stdout.write(`${text}\n`);

async function holdOn(signal: AbortSignal): Promise<void> {
  say('hanging');
  await new Promise((_, fail) => {
    const keepsRunning = setInterval(() => undefined, 1000);
    signal.addEventListener('abort', () => {
      clearInterval(keepsRunning);
      fail(new Error('stopped'));
    });
  });
}

const worker = await startWorker(
  { jobs, sql, clock: systemClock, log: silentLog },
  {
    sync: ({ syncRunId }, { signal }) =>
      withLease(
        sql,
        'sync income',
        { holder: String(process.pid), ttlMs: 1500, clock: systemClock },
        (fence) =>
          sql.begin(async (tx) => {
            await tx`insert into public.effect (run, pid) values (${syncRunId}, ${process.pid})`;
            // As the pipeline does: a run done but not said to be done is asked for again.
            await tx`update hub.sync_run set state = 'done' where sync_run_id = ${syncRunId}`;
            if (mode === 'hang') await holdOn(signal);
            await fence.check(tx);
          }),
      ).then(() => undefined),
    correlate: async () => undefined,
    help: async () => undefined,
  },
  { reconcileMs: 500 },
);
process.once('SIGTERM', async () => {
  worker.stop();
  await jobs.close(200);
  await sql.end();
  say('closed');
});
say('ready');
