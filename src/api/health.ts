/**
 * Two questions a supervisor of processes asks. *Live*: does this process answer. *Ready*: can it
 * serve, that is database, newest migration, and the right to write the access log (without which no
 * data are handed out). Neither says which versions run here, nor what exactly is wrong: that is in
 * the log.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../base/log.ts';
import type { Sql } from '../platform/database.ts';

const JOURNAL = fileURLToPath(new URL('../../migrations/meta/_journal.json', import.meta.url));
/** Callers without sign-in cannot make the database busier than this. */
const ANSWER_LIFETIME_MS = 500;
const LONGEST_CHECK_MS = 3_000;

function newestMigration(): number {
  const { entries } = JSON.parse(readFileSync(JOURNAL, 'utf8')) as { entries: { when: number }[] };
  return Math.max(...entries.map(({ when }) => when));
}

async function check(sql: Sql, newest: number): Promise<boolean> {
  const [row] = await sql<{ applied: string | null; may_log: boolean }[]>`
    select (select max(created_at) from drizzle.__drizzle_migrations) as applied,
           has_table_privilege('hub.access_log', 'insert') as may_log`;
  return row !== undefined && Number(row.applied) === newest && row.may_log;
}

const deadline = (ms: number) =>
  new Promise<never>((_, failed) => {
    setTimeout(() => failed(new Error('no answer')), ms).unref();
  });

/** GET /health/live and /health/ready. */
export function mountHealth(app: FastifyInstance, sql: Sql, log: Log) {
  const newest = newestMigration();
  let answer: Promise<boolean> | undefined;
  let answeredAt = 0;
  const isReady = () => {
    const now = performance.now();
    if (!answer || now - answeredAt > ANSWER_LIFETIME_MS) {
      answeredAt = now;
      answer = Promise.race([check(sql, newest), deadline(LONGEST_CHECK_MS)]).catch(
        (error: unknown) => {
          log.error('health.not-ready', error);
          return false;
        },
      );
    }
    return answer;
  };
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_, reply) => {
    const ready = await isReady();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready' });
  });
}
