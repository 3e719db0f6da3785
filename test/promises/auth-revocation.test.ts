import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { createSignIn } from '../../src/api/sign-in.ts';
import { fixedClock } from '../../src/base/clock.ts';
import { testDatabase } from '../harness/database.ts';

const database = testDatabase();
const clock = fixedClock('2026-07-01T08:00:00Z');
const seconds = () => Math.floor(clock.now().getTime() / 1000);
const later = (s: number) => clock.moveTo(new Date(clock.now().getTime() + s * 1000).toISOString());
let pair: Awaited<ReturnType<typeof generateKeyPair>>;

beforeAll(async () => {
  pair = await generateKeyPair('ES256', { extractable: true });
});

async function open() {
  const { as } = await database.get();
  const owner = as('owner', 1);
  await owner`insert into hub.actor (actor_id, name, roles, authorities)
              values ('li', '李', '{analyst}', '{county}') on conflict do nothing`;
  await owner`insert into hub.authority (code, name) values ('county', '县') on conflict do nothing`;
  const jwk = { ...(await exportJWK(pair.publicKey)), kty: 'EC', kid: 'one', alg: 'ES256' };
  const signIn = createSignIn({
    sql: as('api', 2),
    clock,
    keys: { issuer: 'us', audience: 'hub', find: createLocalJWKSet({ keys: [jwk] }) },
  });
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer('us')
    .setAudience('hub')
    .setSubject('li')
    .setIssuedAt(seconds())
    .setExpirationTime(seconds() + 300)
    .sign(pair.privateKey);
  return { owner, signIn, header: `Bearer ${token}` };
}

test('I4 a revoked actor is refused within five seconds, and rights come from the table', async () => {
  const { owner, signIn, header } = await open();
  const actor = await signIn(header);
  expect(actor).toMatchObject({ id: 'li', roles: ['analyst'] });
  expect(actor.authorities).toHaveLength(1);
  await owner`update hub.actor set is_enabled = false where actor_id = 'li'`;
  later(5);
  await expect(signIn(header)).rejects.toMatchObject({ code: 'auth.account-disabled' });
  await owner`update hub.actor set is_enabled = true, roles = '{operator}' where actor_id = 'li'`;
  later(5);
  expect(await signIn(header)).toMatchObject({ roles: ['operator'] });
});

test('I2 a remembered token dies at its own hour', async () => {
  const { signIn, header } = await open();
  await signIn(header);
  later(361);
  await expect(signIn(header)).rejects.toMatchObject({ code: 'auth.invalid' });
});

test('I3 a key server that fails is our trouble, not a wrong token', async () => {
  const { as } = await database.get();
  const signIn = createSignIn({
    sql: as('api', 1),
    clock,
    keys: {
      issuer: 'us',
      audience: 'hub',
      find: async () => {
        throw new TypeError('fetch failed');
      },
    },
  });
  const { header } = await open();
  await expect(signIn(header)).rejects.toMatchObject({ code: 'auth.unavailable' });
});
