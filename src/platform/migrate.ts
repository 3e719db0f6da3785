/**
 * Brings a database to the present schema. Drizzle's own migrator runs the files, but it silently
 * skips a file merged late, ignores an edited one, and fails when two run at once; so this wrapper
 * takes an advisory lock, checks order and hashes first, and refuses to start on either.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runFiles } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { HubError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';

const FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));
/** One lock for every hub in the world; it only has to differ from other programs' locks. */
const LOCK = 0x1a7e_9b11;

type Entry = { tag: string; when: number };
type Applied = { hash: string; created_at: string };

export type MigrateOptions = { folder?: string };

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Refuses where the files and what was applied cannot both be true. */
export function checkOrder(entries: Entry[], applied: Applied[], read: (tag: string) => string) {
  const byTime = new Map(applied.map((row) => [Number(row.created_at), row.hash]));
  const newest = Math.max(0, ...byTime.keys());
  for (const { tag, when } of entries) {
    const hash = byTime.get(when);
    if (hash === undefined && when < newest) throw new HubError('migration.late', { file: tag });
    if (hash !== undefined && hash !== hashOf(read(tag))) {
      throw new HubError('migration.edited', { file: tag });
    }
  }
}

export async function migrate(
  url: Secret,
  { folder = FOLDER }: MigrateOptions = {},
): Promise<void> {
  const read = (file: string) => readFileSync(`${folder}/${file}`, 'utf8');
  const { entries } = JSON.parse(read('meta/_journal.json')) as { entries: Entry[] };
  const sql = postgres(url.reveal(), { max: 1, onnotice: () => undefined });
  try {
    await sql`select pg_advisory_lock(${LOCK})`;
    const [found] =
      await sql`select to_regclass('drizzle.__drizzle_migrations') is not null as yes`;
    const applied = found?.yes
      ? await sql<Applied[]>`select hash, created_at from drizzle.__drizzle_migrations`
      : [];
    checkOrder(entries, [...applied], (tag) => read(`${tag}.sql`));
    await runFiles(drizzle(sql), { migrationsFolder: folder });
    const [database] = await sql`select quote_ident(current_database()) as name`;
    await sql.unsafe(read('always.sql').replaceAll(':database', String(database?.name)));
  } finally {
    await sql.end();
  }
}
