/** Accounts through the API, from an administrator's first word to what the account may then ask. */
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { createSignIn } from '../../src/api/sign-in.ts';
import { fixedClock } from '../../src/base/clock.ts';
import { enterActors } from '../harness/enter-actors.ts';
import { apiUnderTest, entriesOf } from './api-under-test.ts';

// Stands still: what another process remembers of an account never grows old by itself.
const clock = fixedClock(new Date().toISOString());
const api = apiUnderTest({ realSchema: schema, clock });

const ADD = `mutation ($id: String!) { addActor(actorId: $id, name: "陈", roles: [ANALYST],
  authorities: ["county"], validThrough: "2099-12-31", reason: "到岗") {
    roles validThrough changes { id kind isWaiting byId reason } } }`;
const APPROVE = `mutation ($p: ID!) { approveGrant(proposal: $p, reason: "核对无误") {
  roles authorities changes { kind isWaiting } } }`;
const DISABLE =
  'mutation ($id: String!) { disableActor(actorId: $id, reason: "离岗") { isEnabled } }';
const WAITING = '{ actorChanges(filter: { isWaiting: true }) { totalCount nodes { id actorId } } }';

type Change = { id: string; kind: string; isWaiting: boolean };

async function office() {
  const opened = await api.get();
  const administrator = { roles: ['administrator'], authorities: [] };
  await enterActors(opened.database.as('api', 1), [
    { id: 'admin1', ...administrator },
    { id: 'admin2', ...administrator },
  ]);
  const ask = async (actor: string, query: string, variables?: Record<string, string>) => {
    const { data, errors } = await opened.post(query, { actor, variables });
    return errors ? String(errors[0]?.extensions?.hubCode) : (data as Record<string, never>);
  };
  return { ...opened, ask };
}

test('an account asks nothing until a second administrator approved it, then all that its role allows', async () => {
  const { ask, database } = await office();
  const me = '{ me { roles grants } warnings { totalCount } }';
  expect(await ask('chen', me)).toBe('auth.no-account');
  const made = await ask('admin1', ADD, { id: 'chen' });
  const { addActor } = made as unknown as { addActor: { roles: string[]; changes: Change[] } };
  expect(addActor.roles).toEqual([]);
  expect(addActor.changes).toMatchObject([
    { kind: 'PROPOSED', isWaiting: true, byId: 'admin1', reason: '到岗' },
    { kind: 'ENTERED', isWaiting: false },
  ]);
  expect(await ask('chen', me)).toBe('auth.forbidden');
  expect(await ask('admin2', WAITING)).toMatchObject({
    actorChanges: { totalCount: 1, nodes: [{ actorId: 'chen' }] },
  });
  const p = addActor.changes[0]?.id ?? '';
  expect(await ask('admin1', APPROVE, { p })).toBe('actor.same-person');
  expect(await ask('analyst', APPROVE, { p })).toBe('auth.forbidden');
  expect(await ask('admin2', APPROVE, { p })).toMatchObject({
    approveGrant: { roles: ['analyst'], authorities: ['county'] },
  });
  expect(await ask('admin2', WAITING)).toMatchObject({ actorChanges: { totalCount: 0 } });
  await expect
    .poll(() => ask('chen', me), { timeout: 60_000 })
    .toMatchObject({ me: { roles: ['analyst'] }, warnings: { totalCount: 0 } });
  const entries = await entriesOf(database);
  const commands = entries.filter(({ actor_id }) => actor_id.startsWith('admin'));
  expect(commands.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual(
    expect.arrayContaining(['addActor ok', 'approveGrant ok']),
  );
});

test('a disabled account is out at once on every process, also on one that remembers it', async () => {
  const { ask, database, keys, token } = await office();
  await enterActors(database.as('api', 1), [
    { id: 'zhou', roles: ['analyst'], authorities: ['county'] },
  ]);
  const elsewhere = createSignIn({ sql: database.as('api', 2), keys: keys.tokens, clock });
  const header = `Bearer ${await token('zhou')}`;
  const code = () =>
    elsewhere(header).then(
      () => 'open',
      (error: { code?: string }) => error.code,
    );
  expect(await code()).toBe('open');
  // Before this process listens nobody could have told it.
  await expect
    .poll(
      async () =>
        (
          await database.as('owner', 1)`select 1 from pg_stat_activity
            where datname = current_database() and query ilike 'listen%'`
        ).length,
      { timeout: 60_000 },
    )
    .toBe(2);
  expect(await code()).toBe('open');
  expect(await ask('admin1', DISABLE, { id: 'zhou' })).toEqual({
    disableActor: { isEnabled: false },
  });
  await expect.poll(code, { timeout: 60_000 }).toBe('auth.account-disabled');
});

test('an account with an address for a name is found by its id', async () => {
  const { ask, database } = await office();
  await enterActors(database.as('api', 1), [
    { id: 'sun.li@county.example', roles: ['operator'], authorities: [] },
  ]);
  expect(await ask('admin1', DISABLE, { id: 'sun.li@county.example' })).toEqual({
    disableActor: { isEnabled: false },
  });
});

test('an administrator sees accounts and nothing of officials', async () => {
  const { ask } = await office();
  expect(await ask('admin1', '{ actors { nodes { actorId } } }')).toMatchObject({
    actors: { nodes: expect.arrayContaining([{ actorId: 'analyst' }]) },
  });
  for (const field of ['cadres', 'warnings', 'quarantine', 'syncRuns']) {
    expect(await ask('admin1', `{ ${field} { totalCount } }`)).toBe('auth.forbidden');
  }
  expect(await ask('analyst', '{ actors { totalCount } }')).toBe('auth.forbidden');
});
