import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { readConfig } from '../../src/base/config.ts';
import { openKeys } from '../../src/platform/keys.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'hub-keys-'));
const open = (folder: string) => openKeys(folder, { kind: 'demo' }, systemClock);

test('keys are made once, for their owner only, and found again', async () => {
  const folder = newFolder();
  const first = await open(folder);
  const again = await open(folder);
  expect(again.identity.reveal()).toBe(first.identity.reveal());
  for (const name of readdirSync(join(folder, 'keys'))) {
    expect(statSync(join(folder, 'keys', name)).mode & 0o077).toBe(0);
  }
  const token = await first.mint?.('analyst');
  await expect(jwtVerify(token ?? '', again.tokens.find)).resolves.toMatchObject({
    payload: { sub: 'analyst' },
  });
});

test('ten processes starting at once agree on one identity key', async () => {
  const folder = newFolder();
  const all = await Promise.all(Array.from({ length: 10 }, () => open(folder)));
  expect(new Set(all.map(({ identity }) => identity.reveal())).size).toBe(1);
  expect(readdirSync(join(folder, 'keys')).sort()).toEqual(['demo-signing.jwk', 'identity.key']);
});

test('L2 a key that others can read, or that is cut short, refuses to open', async () => {
  const folder = newFolder();
  await open(folder);
  const file = join(folder, 'keys', 'identity.key');
  chmodSync(file, 0o644);
  await expect(open(folder)).rejects.toMatchObject({ code: 'config.invalid' });
  chmodSync(file, 0o600);
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 20));
  await expect(open(folder)).rejects.toMatchObject({ code: 'config.invalid' });
});

test('L3 keys print as [secret]', async () => {
  const { identity } = await open(newFolder());
  const texts = [String(identity), JSON.stringify({ identity }), inspect({ identity })];
  for (const text of texts) expect(text).not.toContain(identity.reveal());
});

test('I3 a key set is fetched from the address in the configuration, and an unknown key id fetches once', async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' };
  let fetches = 0;
  const server = createServer((_, response) => {
    fetches += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
  }).listen(0);
  try {
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/keys`;
    const source = {
      ...({ kind: 'url', issuer: 'idp', audience: 'hub' } as const),
      ...{ url, allowedHosts: [] },
    };
    const { tokens, mint } = await openKeys(newFolder(), source, systemClock);
    const sign = (kid: string) =>
      new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).sign(pair.privateKey);
    await expect(jwtVerify(await sign('one'), tokens.find)).resolves.toBeDefined();
    for (const kid of ['two', 'three', 'four']) {
      await expect(jwtVerify(await sign(kid), tokens.find)).rejects.toThrow();
    }
    expect(fetches).toBe(1);
    expect(mint).toBeUndefined();
  } finally {
    server.close();
  }
});

const pairs = {
  ed: generateKeyPairSync('ed25519'),
  p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  short: generateKeyPairSync('rsa', { modulusLength: 1024 }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};
const setOf = (key: KeyObject, more = {}) =>
  JSON.stringify({ keys: [{ ...key.export({ format: 'jwk' }), ...more }] });
const named = { HUB_JWT_ISSUER: 'office', HUB_JWT_AUDIENCE: 'hub', HUB_FEEDS: '' };

test.each([
  ['a private key', setOf(pairs.ed.privateKey), 'private'],
  ['a key that both sides share', '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}', 'private'],
  ['a key of another curve', setOf(pairs.p384.publicKey), 'neither'],
  ['a short RSA key', setOf(pairs.short.publicKey), 'neither'],
  ['a key for encryption', setOf(pairs.rsa.publicKey, { use: 'enc' }), 'neither'],
  [
    'a key for an algorithm of another kind',
    setOf(pairs.rsa.publicKey, { alg: 'HS256' }),
    'neither',
  ],
  ['no key', '{"keys":[]}', 'no JSON Web Key Set'],
  ['rubbish', 'zqcanary7', 'no JSON Web Key Set'],
])('L2 a key set for sign-in that holds %s refuses to start', (_, text, says) => {
  const path = join(newFolder(), 'jwks.json');
  writeFileSync(path, text);
  const read = () => readConfig({ ...named, HUB_JWT_PUBLIC_KEY_FILE: path });
  expect(read).toThrow(says);
  expect(read).not.toThrow('zqcanary7');
  writeFileSync(path, setOf(pairs.rsa.publicKey, { use: 'sig', alg: 'PS256' }));
  expect(read().signIn).toMatchObject({ kind: 'file', path });
});

test('L2 a key server on a host that is not among those the hub may call refuses to start', () => {
  const url = 'https://sign-in.example/keys';
  const read = (hosts: string) =>
    readConfig({ ...named, HUB_JWT_JWKS: url, HUB_ALLOWED_HOSTS: hosts }).signIn;
  expect(() => read('tax.example')).toThrow('HUB_JWT_JWKS');
  expect(read('sign-in.example')).toMatchObject({ url, allowedHosts: ['sign-in.example'] });
});
