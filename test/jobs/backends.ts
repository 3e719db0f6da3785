/** The backends the job tests run on: PostgreSQL always, Redis where one answers. */
import { randomUUID } from 'node:crypto';
import { afterEach } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { type Jobs, openQueue, type QueueOptions } from '../../src/platform/queue.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { removeKeys, runningRedis } from '../harness/redis.ts';

const redisUrl = await runningRedis();

export type Backend = 'postgres' | 'redis';
export const BACKENDS: Backend[] = redisUrl ? ['postgres', 'redis'] : ['postgres'];
export const redisForTests = redisUrl;

/** Opens queues that are closed, and their keys and databases removed, after each test. */
export function testQueues() {
  const opened: Jobs[] = [];
  const prefixes: string[] = [];
  const databases: TestDatabase[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((jobs) => jobs.close().catch(() => undefined)));
    for (const prefix of prefixes.splice(0)) if (redisUrl) await removeKeys(redisUrl, prefix);
    await Promise.all(databases.splice(0).map((database) => database.drop()));
  });
  return {
    async newDatabase() {
      const database = await createTestDatabase();
      databases.push(database);
      return database;
    },
    newPrefix() {
      const prefix = `hub-test-${randomUUID()}`;
      prefixes.push(prefix);
      return prefix;
    },
    async open(
      backend: Backend,
      database: TestDatabase,
      prefix: string,
      options: Partial<QueueOptions> = {},
    ): Promise<Jobs> {
      const jobs = await openQueue({
        databaseUrl: database.logins.worker,
        log: silentLog,
        prefix,
        retry: { attempts: 4, delayMs: 20 },
        lockMs: 2000,
        ...(backend === 'redis' && redisUrl ? { redisUrl } : {}),
        ...options,
      });
      opened.push(jobs);
      return jobs;
    },
  };
}
