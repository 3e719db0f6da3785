/** A server where nothing is allowed but what a database administrator granted by the printed SQL. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { checkLogin } from '../../src/platform/check-login.ts';
import { connect } from '../../src/platform/database.ts';
import { postgres } from '../../src/platform/driver.ts';
import { migrate } from '../../src/platform/migrate.ts';
import { refreshStatistics } from '../../src/platform/refresh-statistics.ts';
import { rolesSql } from '../../src/platform/roles.ts';

const admin = postgres(inject('serverUrl'), { max: 1, onnotice: () => undefined });
const mark = `t${randomBytes(4).toString('hex')}`;
const password = randomBytes(12).toString('hex');
const names = { owner: `${mark}_owner`, api: `${mark}_api`, worker: `${mark}_worker` };
const made: string[] = Object.values(names);

const urlFor = (name: string) => {
  const url = new URL(inject('serverUrl'));
  url.username = name;
  url.password = password;
  url.pathname = `/${mark}`;
  return new Secret(url.href);
};

const printed = () => {
  const login = (name: string) => ({ name, password });
  const { owner, api, worker } = names;
  return rolesSql({ owner: login(owner), api: login(api), worker: login(worker) });
};

beforeAll(async () => {
  await admin.unsafe(printed());
  await admin.unsafe(`create database ${mark} owner ${names.owner}`);
});

afterAll(async () => {
  await admin.unsafe(`drop database if exists ${mark} with (force)`);
  for (const name of made) await admin.unsafe(`drop role if exists ${name}`);
  await admin.end({ timeout: 5 });
});

test('G15 an owner that may make no role migrates where the printed roles were made, twice as well as once', async () => {
  const owner = urlFor(names.owner);
  expect((await migrate(owner)).applied.length).toBeGreaterThan(1);
  await admin.unsafe(printed());
  expect((await migrate(owner)).applied).toEqual([]);
});

test('G15 the printed SQL holds no password, and the logins have the one it was made of', async () => {
  expect(printed()).not.toContain(password);
  const kept =
    await admin`select rolname, rolpassword from pg_authid where rolname like ${`${mark}%`}`;
  expect(kept.every((it) => String(it.rolpassword).startsWith('SCRAM-SHA-256$4096:'))).toBe(true);
});

test('G15 the workers bring statistics up to date, make partitions and stage without owning anything', async () => {
  const worker = connect(urlFor(names.worker), { role: 'worker', max: 1 });
  try {
    await worker`insert into hub.authority (code, name) select 'a' || n, 'b' from generate_series(1, 200) n`;
    await worker`select pg_stat_force_next_flush()`;
    await refreshStatistics(worker);
    const [seen] = await worker<{ rows: number }[]>`
      select reltuples::int as rows from pg_class where oid = 'hub.authority'::regclass`;
    expect(seen?.rows).toBe(200);
    await worker`select hub.make_partitions()`;
    await worker`create unlogged table staging.of_a_test (n int)`;
    await worker`drop table staging.of_a_test`;
  } finally {
    await worker.end({ timeout: 5 });
  }
});

describe('G15 a login is looked at before it is used', () => {
  const refusal = async (name: string, role: 'api' | 'worker') => {
    try {
      await checkLogin(urlFor(name), role, 'HUB_X_DATABASE_URL');
      return '';
    } catch (error) {
      return String(error);
    }
  };
  /** A login with these attributes, and a member of these roles. */
  const login = async (what: string, attributes: string, groups: readonly string[]) => {
    const name = `${mark}_${what}`;
    await admin.unsafe(`create role ${name} login ${attributes} password '${password}'`);
    made.unshift(name);
    await admin.unsafe(`grant connect on database ${mark} to ${name}`);
    for (const group of groups) await admin.unsafe(`grant ${group} to ${name}`);
    return name;
  };

  test('the printed ones are accepted for their own part, and for no other', async () => {
    expect(await refusal(names.api, 'api')).toBe('');
    expect(await refusal(names.worker, 'worker')).toBe('');
    expect(await refusal(names.api, 'worker')).toContain('is no member of hub_worker');
    expect(await refusal(names.worker, 'api')).toContain('may become hub_loader, hub_worker');
  });

  test.each([
    ['root', 'superuser', [], 'is a superuser'],
    ['bypass', 'bypassrls', ['hub_api'], 'bypasses row policies'],
    ['maker', 'createrole', ['hub_api'], 'may make roles'],
    ['copier', 'replication', ['hub_api'], 'may replicate'],
    ['heir', '', ['hub_api', names.owner], names.owner],
    ['reader', '', ['hub_api', 'pg_read_all_data'], 'may become pg_read_all_data'],
    ['stranger', '', [], 'is no member of hub_api'],
  ] as const)('%s is refused, and why', async (what, attributes, groups, reason) => {
    const text = await refusal(await login(what, attributes, groups), 'api').catch(String);
    expect(text).toContain('HUB_X_DATABASE_URL');
    expect(text).toContain(reason);
  });

  test('the owner is refused', async () => {
    expect(await refusal(names.owner, 'worker')).toContain('owns the database or something in it');
  });

  test('a loader that may read is refused, since whoever may become it passes every policy', async () => {
    const owner = connect(urlFor(names.owner), { role: 'owner', max: 1 });
    try {
      await owner`grant select on hub.person to hub_loader`;
      expect(await refusal(names.worker, 'worker')).toContain('may become hub_loader');
      await owner`revoke select on hub.person from hub_loader`;
      expect(await refusal(names.worker, 'worker')).toBe('');
    } finally {
      await owner.end({ timeout: 5 });
    }
  });

  test('no login becomes the owner by taking its role off', async () => {
    for (const part of ['api', 'worker'] as const) {
      const sql = connect(urlFor(names[part]), { role: part, max: 1 });
      try {
        await sql`set role none`;
        await expect(sql`alter table hub.person no force row level security`).rejects.toThrow();
        await expect(sql.unsafe(`set role ${names.owner}`)).rejects.toThrow();
        await expect(sql`delete from migrations.applied`).rejects.toThrow();
      } finally {
        await sql.end({ timeout: 5 });
      }
    }
  });
});
