/**
 * Two questions a supervisor of processes asks. *Live*: does this process answer. *Ready*: can it do
 * its work, that is database, every migration, and the one right without which it does nothing: an API
 * hands out no data it cannot log, a worker takes no work it cannot lease. Neither says which versions
 * run here, nor what exactly is wrong: that is in the log.
 */
import type { Log } from '../base/log.ts';
import type { Sql } from '../platform/database.ts';
import { listMigrations } from '../platform/migration-files.ts';

/** Callers without sign-in cannot make the database busier than this. */
const ANSWER_LIFETIME_MS = 500;
const LONGEST_CHECK_MS = 3_000;
/** Seconds after which it is worth asking again. */
export const ASK_AGAIN_S = 5;

const RIGHTS = {
  api: { table: 'hub.access_log', right: 'insert' },
  worker: { table: 'hub.lease', right: 'update' },
} as const;

type Needed = { tags: string[]; hashes: string[] };

function neededMigrations(): Needed {
  const files = listMigrations();
  return { tags: files.map(({ tag }) => tag), hashes: files.map(({ hash }) => hash) };
}

/** A database that has had more (newer code runs beside us) serves as well. */
async function check(sql: Sql, role: keyof typeof RIGHTS, needed: Needed): Promise<boolean> {
  const { table, right } = RIGHTS[role];
  const [row] = await sql<{ is_complete: boolean; may_work: boolean }[]>`
    select not exists (
             select from unnest(${needed.tags}::text[], ${needed.hashes}::text[]) as needed (tag, hash)
             where not exists (select from migrations.applied a
                               where a.tag = needed.tag and a.hash = needed.hash)) as is_complete,
           has_table_privilege(${table}, ${right}) as may_work`;
  return row?.is_complete === true && row.may_work;
}

const deadline = (ms: number) =>
  new Promise<never>((_, failed) => {
    setTimeout(() => failed(new Error('no answer')), ms).unref();
  });

export type Readiness = () => Promise<boolean>;

/** Whether a process of that role can do its work at this moment. */
export function readinessOf(sql: Sql, role: keyof typeof RIGHTS, log: Log): Readiness {
  const needed = neededMigrations();
  let answer: Promise<boolean> | undefined;
  let answeredAt = 0;
  return () => {
    const now = performance.now();
    if (!answer || now - answeredAt > ANSWER_LIFETIME_MS) {
      answeredAt = now;
      answer = Promise.race([check(sql, role, needed), deadline(LONGEST_CHECK_MS)]).catch(
        (error: unknown) => {
          log.error('health.not-ready', error);
          return false;
        },
      );
    }
    return answer;
  };
}
