import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrate } from '../../src/platform/migrate.ts';
import { testDatabase } from '../harness/database.ts';

const database = testDatabase();

const copyOfMigrations = () => {
  const folder = mkdtempSync(join(tmpdir(), 'hub-migrations-'));
  cpSync(new URL('../../migrations', import.meta.url), folder, { recursive: true });
  return folder;
};

test('E3 ten processes migrating at once all succeed', async () => {
  const { url, as } = await database.get();
  const owner = as('owner');
  await owner`drop schema hub cascade`;
  await owner`drop schema drizzle cascade`;
  await Promise.all(Array.from({ length: 10 }, () => migrate(url)));
  const [row] = await owner`select count(*)::int as n from drizzle.__drizzle_migrations`;
  expect(row?.n).toBeGreaterThan(0);
});

test('E4 an edited migration refuses to start, naming the file', async () => {
  const { url } = await database.get();
  const folder = copyOfMigrations();
  const file = join(folder, '0001_tables.sql');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n-- one byte more`);
  await expect(migrate(url, { folder })).rejects.toMatchObject({
    code: 'migration.edited',
    details: { file: '0001_tables' },
  });
});

test('E4 a migration merged behind an applied one refuses to start', async () => {
  const { url } = await database.get();
  const folder = copyOfMigrations();
  const path = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(readFileSync(path, 'utf8'));
  journal.entries.push({ ...journal.entries[0], idx: 99, when: 1000, tag: '0099_late' });
  writeFileSync(path, JSON.stringify(journal));
  writeFileSync(join(folder, '0099_late.sql'), 'select 1;');
  await expect(migrate(url, { folder })).rejects.toMatchObject({
    code: 'migration.late',
    details: { file: '0099_late' },
  });
});

test('G15 the API role is no owner, no superuser, cannot bypass row policies, and FORCE is on', async () => {
  const { as } = await database.get();
  const owner = as('owner');
  const roles =
    await owner`select rolsuper, rolbypassrls from pg_roles where rolname in ('hub_api', 'hub_worker')`;
  expect([...roles]).toEqual([
    { rolsuper: false, rolbypassrls: false },
    { rolsuper: false, rolbypassrls: false },
  ]);
  const open = await owner`select relname from pg_class where relnamespace = 'hub'::regnamespace
    and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)`;
  expect([...open]).toEqual([]);
});
