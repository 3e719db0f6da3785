import { beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/platform/database.ts';
import { fillEmptyTables } from '../read/fill-empty-tables.ts';
import { stage } from '../read/read-harness.ts';

const county = stage({ officials: 12, city: 0 });

type Table = { name: string; isForced: boolean };

/** Whoever writes a table with this column says that its rows are not everybody's. */
const walled = async (owner: Sql) =>
  owner<Table[]>`
    select c.relname as name, c.relforcerowsecurity as "isForced"
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'hub'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attname = 'managed_by' and not a.attisdropped
      and has_table_privilege('hub_api', c.oid, 'select')
    order by 1`;

/** Rows of a table that the API's role sees with these settings. */
async function seen(
  api: Sql,
  table: string,
  actor: string,
  authorities: string,
  kin = '',
): Promise<number> {
  return api.begin(async (tx) => {
    await tx`select set_config('hub.actor', ${actor}, true), set_config('hub.roles', 'analyst', true),
      set_config('hub.authorities', ${authorities}, true), set_config('hub.kin_authorities', ${kin}, true)`;
    const [row] = await tx.unsafe(`select count(*)::int as n from hub.${table}`);
    return row?.n as number;
  }) as Promise<number>;
}

let owner: Sql;
let api: Sql;
let tables: Table[];
beforeAll(async () => {
  const { database } = await county.get();
  owner = database.as('owner', 1);
  api = database.as('api', 1);
  await fillEmptyTables(owner);
  tables = [...(await walled(owner))];
});

test('G15 there is a row in every walled table, and an actor of its authority may see it', async () => {
  expect(tables.length).toBeGreaterThan(20);
  for (const { name } of tables) {
    expect([name, (await seen(api, name, 'analyst', '1,2,3,4,5,6,7,8,9')) > 0]).toEqual([
      name,
      true,
    ]);
  }
});

test('G15 in no table a row is seen by an actor of another authority, or by nobody', async () => {
  for (const { name } of tables) {
    const found = [
      await seen(api, name, 'analyst', '999'),
      await seen(api, name, 'analyst', ''),
      await seen(api, name, '', ''),
    ];
    expect([name, ...found]).toEqual([name, 0, 0, 0]);
  }
});

test('G15 a connection without any setting sees nothing, and policies bind the owner of the tables too', async () => {
  for (const { name, isForced } of tables) {
    const [row] = await api.unsafe(`select count(*)::int as n from hub.${name}`);
    expect([name, row?.n, isForced]).toEqual([name, 0, true]);
  }
});

test('G15 what is open to kin is seen by the right to kin, and by no authority without it', async () => {
  const registers = await owner<{ name: string }[]>`
    select table_name as name from information_schema.columns
    where table_schema = 'hub' and column_name = 'kin_managed_by' order by 1`;
  expect(registers.length).toBeGreaterThan(8);
  for (const { name } of registers) {
    await owner.unsafe(`update hub.${name} set kin_managed_by = '{77}'`);
    const found = [
      await seen(api, name, 'analyst', '77'),
      await seen(api, name, 'analyst', '77', '78'),
      (await seen(api, name, 'analyst', '', '77')) > 0,
    ];
    expect([name, ...found]).toEqual([name, 0, 0, true]);
  }
});
