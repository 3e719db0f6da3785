/**
 * The two stores of the queue. With Redis those who ask and those who wait for work have connections of
 * their own: an asker is told soon that the store is away, a worker waits until it is back.
 */
import {
  type BackendClasses,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  runMigrations,
  withBackend,
} from 'bullmq';
import { Redis } from 'ioredis';
import { Client, Pool } from 'pg';
import { HubError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Secret } from '../base/secret.ts';

export type Store = {
  classes: BackendClasses<IQueueBackend, unknown>;
  /** For queues. */
  asking: unknown;
  /** For workers. */
  waiting: unknown;
  end(): Promise<unknown>;
};

/** A store that does not answer for so long is away. */
const LONGEST_ANSWER_MS = 5000;

/** The answer of the store, or `queue.unavailable` in time; `what` may still happen later. */
export async function answerOf<T>(what: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer')), LONGEST_ANSWER_MS);
  try {
    return await Promise.race([what, late]);
  } catch (error) {
    throw error instanceof HubError ? error : new HubError('queue.unavailable', {}, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Makes what the queue keeps in PostgreSQL, or brings it up to date; needs the owner. */
export async function prepareQueue(url: Secret): Promise<void> {
  const client = new Client({ connectionString: url.reveal(), application_name: 'hub-migrate' });
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}

export async function postgresStore(url: Secret, log: Log): Promise<Store> {
  const pool = new Pool({
    connectionString: url.reveal(),
    // Four workers listen on one connection each; the rest is for short statements.
    max: 9,
    idleTimeoutMillis: 5000,
    connectionTimeoutMillis: LONGEST_ANSWER_MS,
    options: '-c search_path=bullmq',
    application_name: 'hub-queue',
  });
  pool.on('error', (error) => log.error('queue.connection', error));
  // The two backends differ only in the type of their connection.
  const classes = withBackend(createPostgresBackend) as unknown as Store['classes'];
  return { classes, asking: pool, waiting: pool, end: () => pool.end() };
}

export async function redisStore(url: Secret, log: Log): Promise<Store> {
  const open = (maxRetriesPerRequest: number | null) => {
    const redis = new Redis(url.reveal(), { maxRetriesPerRequest });
    redis.on('error', (error: unknown) => log.error('queue.connection', error));
    return redis;
  };
  const asking = open(1);
  const waiting = open(null);
  const end = async () => {
    asking.disconnect();
    waiting.disconnect();
  };
  return {
    classes: withBackend(createRedisBackend) as unknown as Store['classes'],
    ...{ asking, waiting, end },
  };
}
