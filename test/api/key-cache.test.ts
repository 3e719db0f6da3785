/** Key sets that change under a running hub: read again when old, when a key is unknown, and not for ever when away. */
import { generateKeyPairSync } from 'node:crypto';
import type { FlattenedJWSInput, JWK, JWSHeaderParameters } from 'jose';
import { expect, test } from 'vitest';
import { cacheKeys, KEEP_MS } from '../../src/platform/key-cache.ts';

const FRESH = 60_000;
const COOLDOWN = 30_000;
const jwkOf = (type: 'ed25519' | 'rsa' | 'p384', kid: string): JWK => {
  const pair =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : type === 'p384'
        ? generateKeyPairSync('ec', { namedCurve: 'P-384' })
        : generateKeyPairSync('ed25519');
  return { ...pair.publicKey.export({ format: 'jwk' }), kid } as JWK;
};
const [a, b] = [jwkOf('ed25519', 'a'), jwkOf('ed25519', 'b')];

function source() {
  const state = { at: 0, reads: 0, isDown: false, keys: [a] as JWK[], failures: 0 };
  const find = cacheKeys(
    {
      ...{ freshMs: FRESH, cooldownMs: COOLDOWN },
      async read() {
        state.reads += 1;
        if (state.isDown) throw new TypeError('fetch failed');
        return JSON.stringify({ keys: state.keys });
      },
    },
    {
      now: () => state.at,
      onFailure: () => {
        state.failures += 1;
      },
    },
  );
  const says = async (kid: string, alg = 'EdDSA') => {
    const header: JWSHeaderParameters & { alg: string } = { alg, kid };
    try {
      await find(header, {} as FlattenedJWSInput);
      return 'found';
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : 'away';
    }
  };
  return { state, says };
}
const UNKNOWN = 'ERR_JWKS_NO_MATCHING_KEY';

test('I3 an unknown key is looked for once, then not again before the pause is over', async () => {
  const { state, says } = source();
  expect(await says('a')).toBe('found');
  state.keys = [b, a];
  expect(await says('b')).toBe(UNKNOWN);
  state.at += COOLDOWN;
  expect(await Promise.all(['b', 'b', 'b', 'x'].map((kid) => says(kid)))).toEqual([
    ...['found', 'found', 'found', UNKNOWN],
  ]);
  expect(state.reads).toBe(2);
  for (let n = 0; n < 20; n += 1) expect(await says(`x${n}`)).toBe(UNKNOWN);
  expect(state.reads).toBe(2);
});

test('I3 a withdrawn key dies within a minute', async () => {
  const { state, says } = source();
  expect(await says('a')).toBe('found');
  state.keys = [b];
  state.at += FRESH - 1;
  expect(await says('a')).toBe('found');
  state.at += 1;
  expect(await says('a')).toBe(UNKNOWN);
});

test('I3 while the keys cannot be read, those read last are good for their limit and no longer', async () => {
  const { state, says } = source();
  expect(await says('a')).toBe('found');
  state.isDown = true;
  state.at += KEEP_MS;
  expect(await says('a')).toBe('found');
  expect(state.failures).toBe(1);
  state.at += 1;
  expect(await says('a')).toBe('away');
  expect(state.reads).toBe(2);
  state.isDown = false;
  state.at += 5_000;
  expect(await says('a')).toBe('found');
});

test('I3 before the first reading there is no key, and a server that comes back is asked again soon', async () => {
  const { state, says } = source();
  state.isDown = true;
  expect(await Promise.all(['a', 'a', 'a'].map((kid) => says(kid)))).toEqual([
    'away',
    'away',
    'away',
  ]);
  expect(state.reads).toBe(1);
  state.isDown = false;
  expect(await says('a')).toBe('away');
  state.at += 5_000;
  expect(await says('a')).toBe('found');
});

test('a set with keys for other purposes is used without them; one with a private key, or rubbish, is not used', async () => {
  const { state, says } = source();
  const other = jwkOf('p384', 'other');
  const secret = { kty: 'oct', k: 'c2VjcmV0', kid: 'shared', alg: 'HS256' };
  const forEncryption = { ...jwkOf('rsa', 'enc'), use: 'enc' };
  const mislabelled = { ...jwkOf('rsa', 'odd'), alg: 'HS256' };
  state.keys = [other, forEncryption, mislabelled, a];
  expect(await says('a')).toBe('found');
  expect(await says('other', 'ES384')).toBe(UNKNOWN);
  expect(await says('enc', 'RS256')).toBe(UNKNOWN);
  expect(await says('odd', 'RS256')).toBe(UNKNOWN);
  for (const bad of [[secret, a], [{ ...a, d: 'x' }], [other], []]) {
    const next = source();
    next.state.keys = bad as JWK[];
    expect(await next.says('a')).toBe('away');
  }
});
