/** What the API says while something it needs is away: each its own sentence, 503, and never data. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { type Answer, type Api, apiUnderTest } from '../api/api-under-test.ts';
import { type CutWire, cutWire } from '../harness/cut-proxy.ts';
import { until } from '../harness/until.ts';

const OLD_MEDIA = { accept: 'application/json' };
/** By a planned read, by a resolver of its own, and from a client that knows the older media type only. */
const WAYS: readonly [string, string, Record<string, string>][] = [
  ['a read', '{ planned }', {}],
  ['a read of the older media type', '{ planned }', OLD_MEDIA],
  ['a resolver', '{ works }', {}],
  ['a resolver, older media type', '{ works }', OLD_MEDIA],
  ['a command', 'mutation { works }', OLD_MEDIA],
];

const expectRefusal = (answer: Answer, code: string, chinese: RegExp, english: RegExp) => {
  expect([answer.status, answer.data ?? null]).toEqual([503, null]);
  expect(Number(answer.retryAfter)).toBeGreaterThan(0);
  expect(answer.errors?.[0]?.extensions).toMatchObject({ hubCode: code, kind: 'transient' });
  expect(answer.errors?.[0]?.message).toMatch(chinese);
  expect(answer.errors?.[0]?.extensions?.english).toMatch(english);
};

/** Asks until it is served again: a client that obeys Retry-After asks more than once too. */
const expectServed = ({ post }: Api) =>
  until(async () => {
    const answers = [await post('{ planned }'), await post('{ works }')];
    return answers.every(({ status, errors }) => status === 200 && !errors);
  });

describe('L4 the database is away', () => {
  let wire: CutWire;
  const api = apiUnderTest({
    through: async ({ url }) => {
      wire = await cutWire(url);
      return wire.url;
    },
  });
  let isAway = false;
  const away = async () => {
    isAway = true;
    await wire.away();
  };
  const back = async () => {
    if (isAway) await wire.back();
    isAway = false;
  };
  afterEach(back);
  afterAll(() => wire.close());

  test.each(WAYS)('%s: 503 with Retry-After, and served again after', async (_, query, headers) => {
    const it = await api.get();
    await expectServed(it);
    await away();
    const answer = await it.post(query, { headers });
    expectRefusal(answer, 'database.unavailable', /数据库/, /database/);
    await back();
    await expectServed(it);
  });

  test('signing in, and readiness, say the same; the process is alive', async () => {
    const it = await api.get();
    await expectServed(it);
    await away();
    const answer = await it.post('{ planned }', { actor: 'auditor' });
    expectRefusal(answer, 'database.unavailable', /数据库/, /database/);
    // Remembered for half a second.
    await until(async () => (await it.fetch('/health/ready')).status === 503);
    const ready = await it.fetch('/health/ready');
    expect(Number(ready.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await it.fetch('/health/live')).status).toBe(200);
    await back();
    await until(async () => (await it.fetch('/health/ready')).status === 200);
  });
});

describe('L4 the database has no connection left', () => {
  const login = `hub_crowded_${randomBytes(4).toString('hex')}`;
  const api = apiUnderTest({
    through: async ({ as, url }) => {
      const owner = as('owner', 1);
      await owner.unsafe(`create role ${login} login password '${login}' in role hub_api`);
      await owner.unsafe(`grant hub_api to ${login}`);
      const own = new URL(url.reveal());
      own.username = login;
      own.password = login;
      return new Secret(own.href);
    },
  });
  afterAll(async () => {
    const { database } = await api.get();
    await database.as('owner', 1).unsafe(`drop role ${login}`);
  });

  test.each(WAYS)('%s: 503 with Retry-After, and served again after', async (_, query, headers) => {
    const it = await api.get();
    const owner = it.database.as('owner', 1);
    await owner.unsafe(`alter role ${login} connection limit 0`);
    await owner`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${login}`;
    let answer = await it.post(query, { headers });
    // The connections that were ended tell of that first.
    await until(async () => {
      expect(answer.status).toBe(503);
      answer = await it.post(query, { headers });
      return answer.errors?.[0]?.extensions?.hubCode === 'database.crowded';
    });
    await owner.unsafe(`alter role ${login} connection limit -1`);
    expectRefusal(answer, 'database.crowded', /连接数/, /connections/);
    await expectServed(it);
  });
});

describe('L4 the access log cannot be written', () => {
  const api = apiUnderTest();
  const mend = async ({ database }: Api) => {
    await database.as('owner', 1).unsafe('drop trigger if exists outage on hub.access_log');
  };
  afterEach(async () => mend(await api.get()));

  test.each([
    ['53100', 'database.full', /磁盘已满/, /disk .*full/],
    ['25006', 'database.read-only', /只读/, /read-only/],
  ] as const)('SQLSTATE %s: 503 %s and no data', async (state, code, chinese, english) => {
    const it = await api.get();
    await it.database.as('owner', 1).unsafe(`
      create or replace function hub.outage() returns trigger language plpgsql as
        $$ begin raise exception 'row (110101199003071233)' using errcode = '${state}'; end $$;
      create trigger outage before insert on hub.access_log for each row execute function hub.outage()`);
    for (const [, query, headers] of WAYS.slice(0, 4)) {
      expectRefusal(await it.post(query, { headers }), code, chinese, english);
    }
    expect(it.log.filter((line) => line.includes(`"sqlState":"${state}"`)).length).toBeGreaterThan(
      0,
    );
    expect(it.log.join()).not.toContain('110101');
    await mend(it);
    await expectServed(it);
  });
});
