/**
 * Brings a database to the present schema: whatever file it has not had yet, in the order of names,
 * each in one transaction with the note that it was applied. So a run killed in the middle resumes,
 * two at once take turns, and a file merged from another branch behind one already applied is
 * applied late. Refused are a file edited after it was applied, and, once there are releases, a file
 * added behind the last one: databases made since would differ from those upgraded.
 */
import { readFileSync } from 'node:fs';
import { HubError } from '../base/errors.ts';
import { failpoint } from '../base/failpoint.ts';
import type { Secret } from '../base/secret.ts';
import { postgres, type Sql } from './driver.ts';
import { asHubError } from './foreign-errors.ts';
import { lastReleased, listMigrations, MIGRATIONS, type MigrationFile } from './migration-files.ts';
import { prepareQueue } from './queue-store.ts';
import { ensureRoles } from './roles.ts';

/** One lock for every hub in the world; it only has to differ from other programs' locks. */
const LOCK = 0x1a7e_9b11;

type Client = Sql;
type Applied = { tag: string; hash: string };

export type MigrateOptions = {
  folder?: string;
  /** Refuses (`migration.newer`) a database that has had files which are not here, and leaves it as it is. */
  refusesNewer?: boolean;
};
export type Migrated = {
  /** Applied now. */
  applied: string[];
  /** Applied to this database, but no file here: it has seen newer code, or another branch. */
  unknown: string[];
};

/** The files a database has not had yet; refuses where files and database cannot both be true. */
export function missingFiles(
  files: readonly MigrationFile[],
  applied: readonly Applied[],
  released?: string,
): MigrationFile[] {
  const hashes = new Map(applied.map(({ tag, hash }) => [tag, hash]));
  const passedRelease = released !== undefined && hashes.has(released);
  return files.filter(({ tag, hash }) => {
    const known = hashes.get(tag);
    if (known !== undefined && known !== hash)
      throw new HubError('migration.edited', { file: tag });
    if (known === undefined && passedRelease && tag < released) {
      throw new HubError('migration.late', { file: tag });
    }
    return known === undefined;
  });
}

async function readApplied(sql: Client): Promise<Applied[]> {
  const [old] = await sql`select to_regclass('drizzle.__drizzle_migrations') is not null as yes`;
  if (old?.yes) throw new HubError('migration.unrecorded');
  await sql.unsafe(`
    create schema if not exists migrations;
    create table if not exists migrations.applied (
      tag text primary key, hash text not null, applied_at timestamptz not null default now())`);
  return [...(await sql<Applied[]>`select tag, hash from migrations.applied`)];
}

async function apply(sql: Client, { tag, text, hash }: MigrationFile): Promise<void> {
  try {
    await sql.begin(async (tx) => {
      await tx.unsafe(text);
      failpoint(`migrate:${tag}`);
      await tx`insert into migrations.applied (tag, hash) values (${tag}, ${hash})`;
    });
  } catch (error) {
    const known = asHubError(error);
    if (known.code !== 'internal') throw known;
    throw new HubError('migration.failed', { file: tag, ...whereIn(text, error) }, error);
  }
}

/** SQLSTATE, and the line where PostgreSQL names a place; its message could quote a delivered value. */
function whereIn(text: string, error: unknown): { state: string; line: string } {
  if (!(error instanceof postgres.PostgresError)) return { state: '-', line: '-' };
  const position = Number(error.position);
  const line = position ? String(text.slice(0, position).split('\n').length) : '-';
  return { state: error.code, line };
}

/**
 * Refuses a database that is not at the present schema: with `migration.missing` where files have not run,
 * with `migration.newer` where it has had files this program does not know. For processes that may not
 * migrate; a process that runs already lives through a migration (migrations/README.md).
 */
export async function checkSchema(sql: Client, { folder = MIGRATIONS }: MigrateOptions = {}) {
  const files = listMigrations(folder);
  const [found] = await sql`select to_regclass('migrations.applied') is not null as yes`;
  const applied = found?.yes ? await sql<Applied[]>`select tag, hash from migrations.applied` : [];
  const missing = missingFiles(files, applied);
  if (missing.length > 0) throw new HubError('migration.missing', { files: namesOf(missing) });
  const newer = newerThan(files, applied);
  if (newer.length > 0) throw new HubError('migration.newer', { files: namesOf(newer) });
}

const namesOf = (files: readonly { tag: string }[]) => files.map(({ tag }) => tag).join(', ');

/** What the database has had and these files do not hold. */
function newerThan(files: readonly MigrationFile[], applied: readonly Applied[]): Applied[] {
  const present = new Set(files.map(({ tag }) => tag));
  return applied.filter(({ tag }) => !present.has(tag));
}

export async function migrate(
  url: Secret,
  { folder = MIGRATIONS, refusesNewer = false }: MigrateOptions = {},
): Promise<Migrated> {
  const files = listMigrations(folder);
  const always = readFileSync(`${folder}/always.sql`, 'utf8');
  const sql = postgres(url.reveal(), { max: 1, onnotice: () => undefined });
  try {
    await sql`select pg_advisory_lock(${LOCK})`;
    await ensureRoles(sql);
    const applied = await readApplied(sql);
    const missing = missingFiles(files, applied, lastReleased(folder));
    const newer = newerThan(files, applied);
    if (refusesNewer && newer.length > 0) {
      throw new HubError('migration.newer', { files: namesOf(newer) });
    }
    for (const file of missing) await apply(sql, file);
    // Owned by the owner like everything else: the processes that use the queue may not make tables.
    await prepareQueue(url);
    const [database] = await sql`select quote_ident(current_database()) as name`;
    // One statement string is one transaction: a grant taken back at once is never seen by others.
    await sql.unsafe(always.replaceAll(':database', String(database?.name)));
    return {
      applied: missing.map(({ tag }) => tag),
      unknown: newer.map(({ tag }) => tag),
    };
  } finally {
    await sql.end({ timeout: 5 });
  }
}
