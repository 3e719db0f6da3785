/** Keys from the command line: made once, for their owner only, and changed under a running hub. */
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { readConfig } from '../../src/base/config.ts';
import { openKeys } from '../../src/platform/keys.ts';
import { dataFolder, hub } from '../harness/hub-process.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

test('L2 an identity key and a secret are made for their owner only, and never written over', async () => {
  const folder = dataFolder();
  for (const kind of ['identity', 'secret']) {
    const path = join(folder, 'new', kind);
    const made = await hub(['keys', 'make', kind, '--out', path]);
    expect([made.code, made.stdout]).toEqual([0, expect.stringContaining(path)]);
    expect(modeOf(path)).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    expect(made.stdout + made.stderr).not.toContain(text.trim());
    const again = await hub(['keys', 'make', kind, '--out', path]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('exists already')]);
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
  const settings = { HUB_IDENTITY_KEY_FILE: join(folder, 'new', 'identity') };
  expect(readConfig(settings).identityKey?.reveal()).toHaveLength(64);
});

test.each(['EdDSA', 'PS256'])(
  'I3 a signing key is changed without a restart, and tokens of the old one live until it is dropped: %s',
  async (alg) => {
    const folder = dataFolder();
    const make = (...more: string[]) =>
      hub(['keys', 'make', 'signing', '--out', folder, '--alg', alg, ...more]);
    expect((await make()).code).toBe(0);
    const [keyFile, setFile] = [join(folder, 'signing.jwk'), join(folder, 'jwks.json')];
    expect(modeOf(keyFile)).toBe(0o600);
    const settings = {
      HUB_JWT_PUBLIC_KEY_FILE: setFile,
      HUB_JWT_ISSUER: 'office',
      HUB_JWT_AUDIENCE: 'integrity-hub',
      HUB_DATA: folder,
    };
    const token = async () =>
      (await hub(['token', 'li', '--key', keyFile], settings)).stdout.trim();
    let at = 0;
    const { signIn } = readConfig(settings);
    const { tokens } = await openKeys(folder, signIn, systemClock, { now: () => at });
    const says = (text: string) =>
      jwtVerify(text, tokens.find, { algorithms: [alg], issuer: 'office' }).then(
        ({ payload }) => payload.sub,
        (error: { code?: string }) => error.code,
      );
    const first = await token();
    expect(await says(first)).toBe('li');
    await make();
    at += 1_000;
    const second = await token();
    expect(await says(second)).toBe('li');
    expect(await says(first)).toBe('li');
    expect(JSON.parse(readFileSync(setFile, 'utf8')).keys).toHaveLength(2);
    await make('--drop-old');
    at += 5_000;
    expect(await says(first)).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(await says(await token())).toBe('li');
    expect(readFileSync(setFile, 'utf8')).not.toMatch(/"(d|p|q)"/);
  },
);

test('a token is signed by a key that others can read, or for nobody in particular, only after it is mended', async () => {
  const folder = dataFolder();
  await hub(['keys', 'make', 'signing', '--out', folder]);
  const keyFile = join(folder, 'signing.jwk');
  const settings = { HUB_DATA: folder };
  const unnamed = await hub(['token', 'li', '--key', keyFile], settings);
  expect([unnamed.code, unnamed.stderr]).toEqual([1, expect.stringContaining('HUB_JWT_ISSUER')]);
  chmodSync(keyFile, 0o644);
  const open = await hub(['token', 'li', '--key', keyFile], settings);
  expect([open.code, open.stderr]).toEqual([1, expect.stringContaining('chmod 600')]);
  const odd = await hub(['keys', 'make', 'signing', '--out', folder, '--alg', 'HS256']);
  expect([odd.code, odd.stderr]).toEqual([2, expect.stringContaining('RS256')]);
});
