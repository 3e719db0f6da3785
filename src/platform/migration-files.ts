/**
 * The migrations as they lie in their folder: found by listing, run in the order of their names.
 * No list of them is kept anywhere, so two branches that add one each have nothing to merge.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

export type MigrationFile = {
  /** The file's name without `.sql`; what the database remembers it by. */
  tag: string;
  text: string;
  /** SHA-256 of the file, in hexadecimal. */
  hash: string;
};

const NAMED = /^(\d{4}|\d{14})_[a-z0-9]+(_[a-z0-9]+)*\.sql$/;

/** Every migration, oldest name first. */
export function listMigrations(folder = MIGRATIONS): MigrationFile[] {
  return readdirSync(folder)
    .filter((name) => NAMED.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(`${folder}/${name}`, 'utf8');
      const hash = createHash('sha256').update(text).digest('hex');
      return { tag: name.slice(0, -'.sql'.length), text, hash };
    });
}

/**
 * The newest migration of the last release, named in `released.txt`; undefined before the first
 * release. Databases out there have passed it, so nothing may be added behind it any more.
 */
export function lastReleased(folder = MIGRATIONS): string | undefined {
  const file = `${folder}/released.txt`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
