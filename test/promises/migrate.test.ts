import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrate } from '../../src/platform/migrate.ts';
import { startChild } from '../harness/child.ts';
import { testDatabase } from '../harness/database.ts';

const database = testDatabase();

const copyOfMigrations = (added: Readonly<Record<string, string>> = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'hub-migrations-'));
  cpSync(new URL('../../migrations', import.meta.url), folder, { recursive: true });
  for (const [name, text] of Object.entries(added)) writeFileSync(join(folder, name), text);
  return folder;
};

test('E3 ten processes migrating at once all succeed, and each file runs once', async () => {
  const { url, as } = await database.get();
  const owner = as('owner');
  await owner`drop schema hub cascade`;
  await owner`drop schema migrations cascade`;
  const runs = await Promise.all(Array.from({ length: 10 }, () => migrate(url)));
  expect(runs.flatMap(({ applied }) => applied).slice(0, 2)).toEqual(['0000_roles', '0001_tables']);
  expect(runs.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
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

test('E4 a migration merged behind an applied one is applied late', async () => {
  const { url, as } = await database.get();
  const newer = { '20310102000000_newer.sql': 'create table hub.newer (id int);' };
  await migrate(url, { folder: copyOfMigrations(newer) });
  const older = { '20310101000000_older.sql': 'create table hub.older (id int);' };
  const folder = copyOfMigrations({ ...newer, ...older });
  expect(await migrate(url, { folder })).toEqual({
    applied: ['20310101000000_older'],
    unknown: [],
  });
  const [row] = await as('owner')`select to_regclass('hub.older') is not null as yes`;
  expect(row?.yes).toBe(true);
  const withoutThem = await migrate(url);
  expect(withoutThem.unknown.sort()).toEqual(['20310101000000_older', '20310102000000_newer']);
});

test('E4 a migration added behind a release is refused by a database that passed it', async () => {
  const { url } = await database.get();
  const release = {
    '20310201000000_release.sql': 'select 1;',
    'released.txt': '20310201000000_release\n',
  };
  const late = { '20310131000000_late.sql': 'select 1;' };
  await migrate(url, { folder: copyOfMigrations(release) });
  await expect(
    migrate(url, { folder: copyOfMigrations({ ...release, ...late }) }),
  ).rejects.toMatchObject({
    code: 'migration.late',
    details: { file: '20310131000000_late' },
  });
});

test('E5 a migration that fails leaves nothing behind and says which file it was', async () => {
  const { url, as } = await database.get();
  const text = 'create table hub.half (id int);\nselect no_such from hub.half;';
  const folder = copyOfMigrations({ '20310301000000_half.sql': text });
  await expect(migrate(url, { folder })).rejects.toMatchObject({
    code: 'migration.failed',
    details: { file: '20310301000000_half', line: '2', state: '42703' },
  });
  const [row] = await as('owner')`select to_regclass('hub.half') is null as gone`;
  expect(row?.gone).toBe(true);
});

test('E5 a migration killed between its last statement and its commit is run again', async () => {
  const { url } = await database.get();
  const tag = '20310401000000_long';
  const folder = copyOfMigrations({ [`${tag}.sql`]: 'create table hub.long (id int);' });
  const child = startChild('run-migrate.ts', [url.reveal(), folder], {
    HUB_FAILPOINT: `migrate:${tag}`,
  });
  expect(await child.ended).toMatchObject({ signal: 'SIGKILL' });
  expect(await migrate(url, { folder })).toMatchObject({ applied: [tag] });
  expect(await migrate(url, { folder })).toMatchObject({ applied: [] });
});

test('E4 a database recorded the way of old is refused with what to do', async () => {
  const { url, as } = await database.get();
  await as('owner').unsafe('create schema drizzle; create table drizzle.__drizzle_migrations ()');
  await expect(migrate(url)).rejects.toMatchObject({ code: 'migration.unrecorded' });
  await as('owner')`drop schema drizzle cascade`;
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
