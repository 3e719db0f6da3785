import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { fixedClock, systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import type { Secret } from '../../src/base/secret.ts';
import { registerSchedules, requests } from '../../src/jobs/index.ts';
import { withLease } from '../../src/pipeline/lease.ts';
import type { JobRequest } from '../../src/platform/queue.ts';
import type { TestDatabase } from '../harness/database.ts';
import { hasRedisServer, ownRedis } from '../harness/redis.ts';
import { BACKENDS, type Backend, redisForTests, testQueues } from './backends.ts';

const queues = testQueues();
const SCRIPT = fileURLToPath(new URL('worker-process.ts', import.meta.url));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

type Where = { database: TestDatabase; redisUrl: Secret | undefined; prefix: string };

function startChild({ database, redisUrl, prefix }: Where, mode: 'hang' | 'work') {
  const child = spawn(
    process.execPath,
    [SCRIPT, database.url.reveal(), redisUrl?.reveal() ?? '-', prefix, mode],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  return {
    child,
    ended,
    says: (word: string) => expect.poll(() => output, { timeout: 60_000 }).toContain(word),
  };
}

async function place(backend: Backend): Promise<Where> {
  const database = await queues.newDatabase();
  await database.as('owner')`create table public.effect (run uuid, pid int)`;
  const redisUrl = backend === 'redis' ? redisForTests : undefined;
  return { database, redisUrl, prefix: queues.newPrefix() };
}

const sync = (): JobRequest => {
  const id = randomUUID();
  return { queue: 'sync', id, name: 'sync-feed', data: { feedId: 'income', syncRunId: id } };
};

describe.each(BACKENDS)('on %s', (backend) => {
  test('A1 a worker killed in the middle of a job: another does it, and the effect is there once', async () => {
    const where = await place(backend);
    // One attempt only: that the killed worker's lease outlives it must not count as a failure.
    const retry = { attempts: 1, delayMs: 50 };
    const jobs = await queues.open(backend, where.database, where.prefix, { retry });
    const first = startChild(where, 'hang');
    const id = await jobs.add(sync());
    await first.says('hanging');
    first.child.kill('SIGKILL');
    await first.ended;
    const second = startChild(where, 'work');
    await expect.poll(() => jobs.state('sync', id), { timeout: 60_000 }).toBe('completed');
    const effects = await where.database.as('owner')`select run::text, pid from public.effect`;
    expect([...effects]).toEqual([{ run: id, pid: second.child.pid }]);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  test('A10 SIGTERM in the middle of a job: rolled back, lease free, job waiting, exit code 0', async () => {
    const where = await place(backend);
    const jobs = await queues.open(backend, where.database, where.prefix);
    const worker = startChild(where, 'hang');
    const id = await jobs.add(sync());
    await worker.says('hanging');
    await worker.says('ready');
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    const owner = where.database.as('owner');
    expect(await owner`select 1 from public.effect`).toHaveLength(0);
    expect([...(await owner`select holder from hub.lease`)]).toEqual([{ holder: null }]);
    expect(await jobs.state('sync', id)).toBe('waiting');
  });
});

test('A8 the same job twice at once: the run that lost its lease cannot commit', async () => {
  const { database } = await place('postgres');
  const owner = database.as('owner');
  const clock = fixedClock('2040-03-01T12:00:00+08:00');
  const work = (holder: string, inside: () => Promise<void>) =>
    withLease(owner, 'sync income', { holder, ttlMs: 60_000, clock }, (fence) =>
      owner.begin(async (tx) => {
        await tx`insert into public.effect (run) values (${randomUUID()})`;
        await inside();
        await fence.check(tx);
      }),
    );
  const slept = work('A', async () => {
    clock.moveTo('2040-03-01T13:00:00+08:00');
    await work('B', async () => undefined);
  });
  await expect(slept).rejects.toMatchObject({ code: 'run.superseded' });
  expect(await owner`select 1 from public.effect`).toHaveLength(1);
});

describe.runIf(hasRedisServer)('on a Redis of our own', () => {
  test('A6 A7 Redis killed: waiting work resumes; Redis empty: everything is rebuilt', async () => {
    const where = await place('postgres');
    const redis = await ownRedis();
    await redis.start();
    const sql = where.database.as('owner');
    await sql`insert into hub.feed (feed_id, title_zh, title_en, publisher_zh, publisher_en,
      agreement_no, legal_basis, purpose, stale_after_days, schedule)
      values ('income', '', '', '', '', '', '', '', 30, '10 1 1 1 *')`;
    const prefix = queues.newPrefix();
    const jobs = await queues.open('redis', where.database, prefix, { redisUrl: redis.url });
    const context = { jobs, sql, clock: systemClock, log: silentLog };
    await registerSchedules(context, '0 2 1 1 *');
    const kept = await requests(context).startSync('income', 'analyst');
    await redis.kill();
    await redis.start();
    const worker = startChild({ ...where, redisUrl: redis.url, prefix }, 'work');
    const effects = async () =>
      (await sql`select run::text from public.effect`).map(({ run }) => String(run));
    await expect.poll(effects, { timeout: 60_000 }).toEqual([kept.syncRunId]);
    await expect.poll(async () => (await jobs.schedules()).length, { timeout: 60_000 }).toBe(2);

    // A request is accepted; before any worker sees it, Redis loses its disk.
    worker.child.kill('SIGTERM');
    await worker.ended;
    const lost = await requests(context).startSync('income', 'analyst');
    await redis.kill();
    redis.empty();
    await redis.start();
    const next = startChild({ ...where, redisUrl: redis.url, prefix }, 'work');
    await expect
      .poll(async () => (await jobs.schedules()).map(({ name }) => name).sort(), {
        timeout: 60_000,
      })
      .toEqual(['nightly', 'sync income']);
    await expect.poll(effects, { timeout: 60_000 }).toEqual([kept.syncRunId, lost.syncRunId]);
    next.child.kill('SIGTERM');
    await next.ended;
    await jobs.close();
    await redis.remove();
  });
});
