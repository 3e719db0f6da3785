/** Signing in with a real identity provider: found by discovery or by its key set, and followed when it changes keys. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { openKeys } from '../../src/platform/keys.ts';
import { apiUnderTest } from '../api/api-under-test.ts';
import { startProvider } from '../harness/oidc-provider.ts';

const AUDIENCE = 'integrity-hub';
const DISCOVERY = '/.well-known/openid-configuration';
const MINUTE = 60_001;
const folder = mkdtempSync(join(tmpdir(), 'hub-oidc-'));
let at = 0;
const later = (ms: number) => {
  at += ms;
};

/** An API that trusts one provider, by the address given. */
async function trusting(alg: 'RS256' | 'PS256' | 'ES256' | 'EdDSA', path: string) {
  const provider = await startProvider({ alg, audience: AUDIENCE, clients: ['analyst', 'guest'] });
  const { issuer } = provider;
  const signIn = { issuer, audience: AUDIENCE, url: `${issuer}${path}`, allowedHosts: [] };
  const options = { now: () => at };
  const keys = await openKeys(folder, { kind: 'url', ...signIn }, systemClock, options);
  const api = apiUnderTest({ keys });
  const ask = async (token: string) => {
    const { post } = await api.get();
    const headers = { authorization: `Bearer ${token}` };
    const { data, errors } = await post('{ hello }', { headers });
    return errors ? errors[0]?.extensions?.hubCode : data;
  };
  return { alg, path, provider, ask };
}

const offices = [
  await trusting('RS256', DISCOVERY),
  await trusting('PS256', DISCOVERY),
  await trusting('ES256', '/jwks'),
  await trusting('EdDSA', '/jwks'),
];

afterAll(() => {
  for (const { provider } of offices) provider.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(offices)(
  'I3 a token of a real provider opens the API, and goes on doing so when the provider changes keys: $alg by $path',
  async ({ alg, path, provider, ask }) => {
    const fetches = () =>
      provider.asked.filter((url) => /^\/(jwks|\.well-known)/.test(url)).splice(0).length;
    const first = await provider.token('analyst');
    expect(decodeProtectedHeader(first)).toMatchObject({ alg, kid: 'key-1' });
    expect(await ask(first)).toEqual({ hello: '你好' });
    const perReading = path === DISCOVERY ? 2 : 1;
    expect(fetches()).toBe(perReading);
    expect(await ask(await provider.token('guest'))).toBe('auth.no-account');
    expect(fetches()).toBe(perReading);
    await provider.rotate({ keepsOld: true });
    later(30_001);
    const second = await provider.token('analyst');
    expect(decodeProtectedHeader(second).kid).toBe('key-2');
    expect(await ask(second)).toEqual({ hello: '你好' });
    expect(fetches()).toBe(2 * perReading);
    // The old key is still in the set; withdrawn, it dies within a minute, and its tokens with it.
    const old = await provider.token('analyst');
    await provider.rotate({ keepsOld: false });
    later(MINUTE);
    expect(await ask(old)).toBe('auth.invalid');
    expect(await ask(await provider.token('analyst'))).toEqual({ hello: '你好' });
  },
);

test('a provider that speaks of another issuer, or whose keys lie elsewhere, is not followed', async () => {
  const [office] = offices;
  if (!office) throw new Error('no provider');
  const { issuer } = office.provider;
  const find = async (more: Partial<{ issuer: string; url: string }>) => {
    const signIn = { issuer, audience: AUDIENCE, url: `${issuer}${DISCOVERY}`, ...more };
    const { tokens } = await openKeys(
      folder,
      { kind: 'url', allowedHosts: [], ...signIn },
      systemClock,
    );
    const token = await office.provider.token('analyst');
    const header = decodeProtectedHeader(token) as { alg: string };
    return Promise.resolve(tokens.find(header, { payload: '', signature: '' })).then(
      () => 'found',
      (error: Error) => error.message,
    );
  };
  expect(await find({})).toBe('found');
  expect(await find({ issuer: 'https://sign-in.example' })).toContain('another issuer');
  expect(await find({ url: `${issuer}/nothing` })).toContain('status 404');
  expect(await find({ url: 'http://169.254.169.254/keys' })).toContain('not allowed');
  expect(await find({ url: 'http://10.1.2.3/keys' })).toContain('not allowed');
});
