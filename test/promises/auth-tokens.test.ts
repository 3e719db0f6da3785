import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createLocalJWKSet } from 'jose';
import { expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { DEMO_AUDIENCE, DEMO_ISSUER, type Keys } from '../../src/platform/keys.ts';
import { apiUnderTest, entriesOf } from '../api/api-under-test.ts';
import {
  confusedTokens,
  ed25519,
  forgedTokens,
  goodClaims,
  rsaTokens,
  tokenOf,
} from '../api/forged-tokens.ts';

const pair = generateKeyPairSync('ed25519');
const key: KeyObject = createPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
const publicPem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
/** In the key set as well, of a kind the hub has not chosen: a provider may publish such keys for others. */
const unchosen = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const rsaPair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const HEADER = { alg: 'EdDSA', kid: 'demo', typ: 'JWT' };
const now = () => Math.floor(Date.now() / 1000);
const valid = (more: Record<string, unknown> = {}) =>
  tokenOf(ed25519(key), HEADER, { ...goodClaims(now()), ...more });

const keys: Keys = {
  identity: new Secret('0'.repeat(64)),
  tokens: {
    issuer: DEMO_ISSUER,
    audience: DEMO_AUDIENCE,
    find: createLocalJWKSet({
      keys: [
        { ...pair.publicKey.export({ format: 'jwk' }), kty: 'OKP', kid: 'demo', alg: 'EdDSA' },
        { ...unchosen.publicKey.export({ format: 'jwk' }), kty: 'EC', kid: 'unchosen' },
        { ...rsaPair.publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'rsa', use: 'sig' },
        { ...rsaPair.publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'rs256', alg: 'RS256' },
      ],
    }),
  },
};
const api = apiUnderTest({ keys });

async function ask(authorization: string | undefined, query = '{ hello }') {
  const { url } = await api.get();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, text: await response.text() };
}

test('I1 a token signed by our key, for us, in time, opens the door', async () => {
  expect(await ask(`Bearer ${valid()}`)).toMatchObject({ status: 200 });
  expect(await ask(`Bearer ${valid({ aud: ['other', DEMO_AUDIENCE] })}`)).toMatchObject({
    status: 200,
  });
});

test("I1 the algorithm is the hub's choice, whatever keys are in the set", async () => {
  const signer = (input: string) =>
    sign('sha384', Buffer.from(input), { key: unchosen.privateKey, dsaEncoding: 'ieee-p1363' });
  const header = { alg: 'ES384', kid: 'unchosen', typ: 'JWT' };
  const token = tokenOf(signer, header, goodClaims(now()));
  expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 401 });
});

test.each(rsaTokens(rsaPair.privateKey, 'rsa', now()))(
  'I1 a token signed as providers do opens the door: %s',
  async (_, token) => {
    expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 200 });
  },
);

test.each([
  ...forgedTokens(key, publicPem, now()),
  ...confusedTokens(rsaPair.privateKey, rsaPair.publicKey, { free: 'rsa', fixed: 'rs256' }, now()),
])('I1 I2 refused: %s', async (_, token) => {
  const { standIn } = await api.get();
  const before = standIn.ran.length;
  const { status, text } = await ask(`Bearer ${token}`);
  expect({ status, code: JSON.parse(text).errors[0].extensions.hubCode }).toEqual({
    status: 401,
    code: 'auth.invalid',
  });
  expect(JSON.parse(text).errors).toHaveLength(1);
  expect(text).not.toContain('data');
  expect(standIn.ran.length).toBe(before);
});

test.each([
  ['nothing', undefined, 'auth.required'],
  ['an empty header', ' ', 'auth.required'],
  ['another scheme', 'Basic YTpi', 'auth.invalid'],
  ['a scheme without token', 'Bearer', 'auth.invalid'],
  ['two tokens', 'Bearer a b', 'auth.invalid'],
])('I1 without a token there is neither data nor schema: %s', async (_, header, code) => {
  const { status, text } = await ask(header, '{ __schema { types { name } } }');
  expect({ status, code: JSON.parse(text).errors[0].extensions.hubCode }).toEqual({
    status: 401,
    code,
  });
  expect(text).not.toContain('Query');
});

test('I5 roles written in the token are ignored', async () => {
  const token = valid({ sub: 'operator', roles: ['analyst'], role: 'admin', authorities: [1] });
  const { url } = await api.get();
  const response = await fetch(`${url}/operations/sign-in`, {
    method: 'POST',
    headers: { authorization: `Bearer ${valid({ roles: ['operator'], role: 'operator' })}` },
  });
  expect(response.status).toBe(403);
  expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 200 });
});

test('F1 a refused token leaves an entry that names nobody', async () => {
  const { database } = await api.get();
  const before = await entriesOf(database);
  await ask('Bearer rubbish');
  const after = await entriesOf(database);
  expect(after.slice(before.length)).toEqual([
    {
      actor_id: 'unknown',
      operation: 'sign-in',
      purpose: null,
      persons: [],
      asked_for: null,
      rows: null,
      outcome: 'refused:auth.invalid',
    },
  ]);
});
