/** Empties every table of the hub, so that a test file can start again without a new database. */
import type { Sql } from '../../src/platform/database.ts';

export async function emptyHub(owner: Sql): Promise<void> {
  const tables = await owner<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'hub'`;
  await owner.unsafe(`truncate ${tables.map(({ name }) => name).join(', ')} cascade`);
}
