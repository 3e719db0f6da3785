/** A valid token is not yet an account; and an account that ends, ends on every process at once. */
import { expect, test } from 'vitest';
import { fixedClock } from '../../src/base/clock.ts';
import { apiUnderTest, entriesOf } from '../api/api-under-test.ts';

// A clock that stands still: nothing remembered ever grows old, so only being told can end it.
const clock = fixedClock(new Date().toISOString());
const api = apiUnderTest({ clock });
const QUESTION = '{ hello }';

async function refusalOf(actor: string) {
  const { post, database, log } = await api.get();
  const before = await entriesOf(database);
  const lines = log.length;
  const answer = await post(QUESTION, { actor });
  const entries = (await entriesOf(database)).slice(before.length);
  return {
    status: answer.status,
    code: answer.errors?.[0]?.extensions?.hubCode,
    said: [answer.errors?.[0]?.message, answer.errors?.[0]?.extensions?.english],
    entries: entries.map(({ actor_id, operation, outcome }) => [actor_id, operation, outcome]),
    log: log.slice(lines).join(''),
  };
}

test('I4 a valid token without an account is told so in both languages, and logged by its name', async () => {
  const { code, status, said, entries, log } = await refusalOf('newcomer');
  expect({ code, status }).toEqual({ code: 'auth.no-account', status: 403 });
  expect(said).toEqual([
    expect.stringMatching(/没有您的账号/),
    expect.stringMatching(/no account here/),
  ]);
  expect(entries).toEqual([['newcomer', 'sign-in', 'refused:auth.no-account']]);
  expect(log).toContain('auth.no-account');
});

test('L1 a provider that names people by their identity number does not write it into our logs', async () => {
  const { code, entries, log } = await refusalOf('110101199003070011');
  expect(code).toBe('auth.no-account');
  expect(entries).toEqual([['#', 'sign-in', 'refused:auth.no-account']]);
  expect(log).not.toContain('110101');
});

test('I4 an account is in force from its first day through its last', async () => {
  const { post, database } = await api.get();
  const owner = database.as('owner', 1);
  const today = clock.today();
  const codeOf = async (id: string, from: string, through: string) => {
    await owner`insert into hub.actor (actor_id, name, roles, authorities, valid_from, valid_through)
      values (${id}, ${id}, '{analyst}', '{county}', ${from}::date, ${through}::date)`;
    const { errors } = await post(QUESTION, { actor: id });
    return errors?.[0]?.extensions?.hubCode ?? 'open';
  };
  const [yesterday, tomorrow] = [-1, 1].map((days) =>
    new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10),
  ) as [string, string];
  expect(await codeOf('one-day', today, today)).toBe('open');
  expect(await codeOf('early', tomorrow, 'infinity')).toBe('auth.account-not-in-force');
  expect(await codeOf('late', '-infinity', yesterday)).toBe('auth.account-not-in-force');
});

test('I4 a disabled account is refused with its own sentence, without waiting for anything to grow old', async () => {
  const { post, database } = await api.get();
  const owner = database.as('owner', 1);
  await owner`insert into hub.actor (actor_id, name, roles, authorities)
    values ('leaving', '将离', '{analyst}', '{county}')`;
  expect((await post(QUESTION, { actor: 'leaving' })).status).toBe(200);
  const { token } = await api.get();
  // The same token again and again, so that the answer is the remembered one until the API is told.
  const headers = { authorization: `Bearer ${await token('leaving')}` };
  const code = async () =>
    (await post(QUESTION, { headers })).errors?.[0]?.extensions?.hubCode ?? 'open';
  expect(await code()).toBe('open');
  await owner`update hub.actor set is_enabled = false where actor_id = 'leaving'`;
  await expect.poll(code, { timeout: 60_000 }).toBe('auth.account-disabled');
  await owner`update hub.actor set is_enabled = true where actor_id = 'leaving'`;
  await expect.poll(code, { timeout: 60_000 }).toBe('open');
});

test('I4 an API that lost the line on which it is told gets it back', async () => {
  const { post, database, token } = await api.get();
  const owner = database.as('owner', 1);
  const headers = { authorization: `Bearer ${await token('operator')}` };
  const status = async () => (await post(QUESTION, { headers })).status;
  expect(await status()).toBe(200);
  const cut = await owner`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query ilike 'listen%'`;
  expect(cut.length).toBeGreaterThan(0);
  await owner`update hub.actor set is_enabled = false where actor_id = 'operator'`;
  await expect.poll(status, { timeout: 60_000 }).toBe(403);
});
