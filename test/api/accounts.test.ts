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

const ADD = `mutation ($id: String!) { addActor(input: { account: $id, name: "陈", roles: [ANALYST],
  authorities: ["county"], validThrough: "2099-12-31", reason: "到岗" }) {
    outcome userErrors { code field } change { id kind }
    actor { roles validThrough changes { nodes { id kind isWaiting by { account name } reason } } } } }`;
const APPROVE = `mutation ($p: ID!) { approveGrant(input: { proposal: $p, reason: "核对无误" }) {
  outcome userErrors { code field } change { kind isWaiting actor { account } }
  actor { roles authorities } } }`;
const DISABLE = `mutation ($id: String!) { disableActor(input: { account: $id, reason: "离岗" }) {
  outcome actor { isEnabled } } }`;
const WAITING =
  '{ actorChanges(filter: { isWaiting: true }) { totalCount nodes { id actor { account } } } }';

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
  const { addActor } = made as unknown as {
    addActor: { actor: { roles: string[]; changes: { nodes: Change[] } } };
  };
  expect(addActor).toMatchObject({ outcome: 'DONE', userErrors: [], change: { kind: 'PROPOSED' } });
  expect(addActor.actor.roles).toEqual([]);
  expect(addActor.actor.changes.nodes).toMatchObject([
    { kind: 'PROPOSED', isWaiting: true, by: { account: 'admin1' }, reason: '到岗' },
    { kind: 'ENTERED', isWaiting: false },
  ]);
  expect(await ask('chen', me)).toBe('auth.forbidden');
  expect(await ask('admin2', WAITING)).toMatchObject({
    actorChanges: { totalCount: 1, nodes: [{ actor: { account: 'chen' } }] },
  });
  const p = addActor.actor.changes.nodes[0]?.id ?? '';
  // The proposal stands in the answer as it is, and why it was not approved.
  expect(await ask('admin1', APPROVE, { p })).toMatchObject({
    approveGrant: {
      outcome: 'REFUSED',
      userErrors: [{ code: 'ACTOR_SAME_PERSON', field: ['input', 'proposal'] }],
      change: { kind: 'PROPOSED', isWaiting: true, actor: { account: 'chen' } },
      actor: null,
    },
  });
  expect(await ask('analyst', APPROVE, { p })).toBe('auth.forbidden');
  expect(await ask('admin2', APPROVE, { p })).toMatchObject({
    approveGrant: { outcome: 'DONE', actor: { roles: ['analyst'], authorities: ['county'] } },
  });
  expect(await ask('admin2', WAITING)).toMatchObject({ actorChanges: { totalCount: 0 } });
  await expect
    .poll(() => ask('chen', me), { timeout: 60_000 })
    .toMatchObject({ me: { roles: ['analyst'] }, warnings: { totalCount: 0 } });
  const entries = await entriesOf(database);
  const commands = entries.filter(({ actor_id }) => actor_id.startsWith('admin'));
  expect(commands.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual(
    expect.arrayContaining([
      'addActor ok',
      'approveGrant ok',
      'mutation(approveGrant) refused:actor.same-person',
    ]),
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
    disableActor: { outcome: 'DONE', actor: { isEnabled: false } },
  });
  await expect.poll(code, { timeout: 60_000 }).toBe('auth.account-disabled');
});

test('an account with an address for a name is found by its id', async () => {
  const { ask, database } = await office();
  await enterActors(database.as('api', 1), [
    { id: 'sun.li@county.example', roles: ['operator'], authorities: [] },
  ]);
  expect(await ask('admin1', DISABLE, { id: 'sun.li@county.example' })).toEqual({
    disableActor: { outcome: 'DONE', actor: { isEnabled: false } },
  });
});

test('an administrator sees accounts and nothing of officials', async () => {
  const { ask } = await office();
  expect(await ask('admin1', '{ actors { nodes { account } } }')).toMatchObject({
    actors: { nodes: expect.arrayContaining([{ account: 'analyst' }]) },
  });
  for (const field of ['cadres', 'warnings', 'quarantine', 'syncRuns']) {
    expect(await ask('admin1', `{ ${field} { totalCount } }`)).toBe('auth.forbidden');
  }
  expect(await ask('analyst', '{ actors { totalCount } }')).toBe('auth.forbidden');
});
