/**
 * Two questions a supervisor of processes asks. *Live*: does this process answer. *Ready*: can it
 * serve, that is database, every migration, and the right to write the access log (without which no
 * data are handed out). Neither says which versions run here, nor what exactly is wrong: that is in
 * the log.
 */
import type { FastifyInstance } from 'fastify';
import type { Log } from '../base/log.ts';
import type { Sql } from '../platform/database.ts';
import { listMigrations } from '../platform/migration-files.ts';
import { RETRY_AFTER_S } from './mask-error.ts';

/** Callers without sign-in cannot make the database busier than this. */
const ANSWER_LIFETIME_MS = 500;
const LONGEST_CHECK_MS = 3_000;

type Needed = { tags: string[]; hashes: string[] };

function neededMigrations(): Needed {
  const files = listMigrations();
  return { tags: files.map(({ tag }) => tag), hashes: files.map(({ hash }) => hash) };
}

/** A database that has had more (newer code runs beside us) serves as well. */
async function check(sql: Sql, { tags, hashes }: Needed): Promise<boolean> {
  const [row] = await sql<{ is_complete: boolean; may_log: boolean }[]>`
    select not exists (
             select from unnest(${tags}::text[], ${hashes}::text[]) as needed (tag, hash)
             where not exists (select from migrations.applied a
                               where a.tag = needed.tag and a.hash = needed.hash)) as is_complete,
           has_table_privilege('hub.access_log', 'insert') as may_log`;
  return row?.is_complete === true && row.may_log;
}

const deadline = (ms: number) =>
  new Promise<never>((_, failed) => {
    setTimeout(() => failed(new Error('no answer')), ms).unref();
  });

/** GET /health/live and /health/ready. */
export function mountHealth(app: FastifyInstance, sql: Sql, log: Log) {
  const needed = neededMigrations();
  let answer: Promise<boolean> | undefined;
  let answeredAt = 0;
  const isReady = () => {
    const now = performance.now();
    if (!answer || now - answeredAt > ANSWER_LIFETIME_MS) {
      answeredAt = now;
      answer = Promise.race([check(sql, needed), deadline(LONGEST_CHECK_MS)]).catch(
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
    if (!ready) void reply.header('retry-after', RETRY_AFTER_S);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready' });
  });
}
