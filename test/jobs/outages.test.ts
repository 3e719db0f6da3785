/** The queue's store goes away and comes back while the process runs: told of in time, and gone on with. */
import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { HubError } from '../../src/base/errors.ts';
import type { Jobs } from '../../src/platform/queue.ts';
import { cutWire } from '../harness/cut-proxy.ts';
import { hasRedisServer, ownRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { testQueues } from './backends.ts';

const queues = testQueues();
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A store that a test may take away, and the queue on it. */
type Store = { jobs: Jobs; away(): Promise<void>; back(): Promise<void> };

async function onPostgres(): Promise<Store> {
  const database = await queues.newDatabase();
  const wire = await cutWire(database.logins.worker);
  ends.push(() => wire.close());
  const through = { ...database, logins: { ...database.logins, worker: wire.url } };
  const jobs = await queues.open('postgres', through, queues.newPrefix());
  return { jobs, away: wire.away, back: wire.back };
}

async function onRedis(): Promise<Store> {
  const redis = await ownRedis();
  ends.push(() => redis.remove());
  await redis.start();
  const database = await queues.newDatabase();
  const redisUrl = redis.url;
  const jobs = await queues.open('redis', database, queues.newPrefix(), { redisUrl });
  return { jobs, away: redis.kill, back: redis.start };
}

const STORES: [string, () => Promise<Store>][] = [
  ['PostgreSQL', onPostgres],
  ...(hasRedisServer ? ([['Redis', onRedis]] satisfies [string, () => Promise<Store>][]) : []),
];

const job = () => ({ queue: 'sync', id: randomUUID(), name: 'sync', data: {} }) as const;
const LONGEST_MS = 20_000;
const soon = <T>(work: Promise<T>) =>
  Promise.race([
    work,
    new Promise<never>((_, fail) => setTimeout(() => fail(new Error('no answer')), LONGEST_MS)),
  ]);

test.each(STORES)('L4 a lost %s is told of, and workers go on when it is back', async (_, open) => {
  const { jobs, away, back } = await open();
  const ran: string[] = [];
  await jobs.work('sync', async ({ id }) => void ran.push(id), 1);
  const before = await jobs.add(job());
  await until(async () => ran.includes(before));

  await away();
  for (const ask of [
    () => jobs.add(job()),
    () => jobs.state('sync', before),
    () => jobs.depths(),
  ]) {
    const error = await soon<unknown>(ask()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HubError);
    expect(error).toMatchObject({ code: 'queue.unavailable', kind: 'transient' });
  }

  await back();
  let after = '';
  await until(async () => {
    after = await jobs.add(job()).catch(() => '');
    return after !== '';
  });
  await until(async () => ran.includes(after));
});

test.each(STORES)('L4 a queue on a lost %s closes all the same', async (_, open) => {
  const { jobs, away } = await open();
  await jobs.work('sync', async () => undefined, 1);
  await away();
  await soon(jobs.close());
});
