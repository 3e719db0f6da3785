/**
 * The keys of an installation, in `<data folder>/keys`, readable by their owner only.
 *
 * - identity.key: turns identifiers into person keys. Losing it loses every link between a person and
 *   the records, so it is made once and never replaced.
 * - database.key: the demo's logins to its database are made of it.
 * - demo-signing.jwk: signs tokens of the demo's actors. A real installation has none: its identity
 *   provider signs, and the hub holds public keys only.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../base/clock.ts';
import type { SignInSettings } from '../base/configured-keys.ts';
import { HubError } from '../base/errors.ts';
import { readPrivateFile, readPublicFile } from '../base/private-file.ts';
import { Secret } from '../base/secret.ts';
import { cacheKeys, type KeyCacheOptions } from './key-cache.ts';
import { readKeyServer } from './key-server.ts';
import { type Mint, openMint, publicPart, type SigningKey } from './signing-key.ts';

export type TokenKeys = {
  issuer: string;
  audience: string;
  /** Public key for a token header; never follows an address written in a token. */
  find: JWTVerifyGetKey;
};

export type Keys = {
  identity: Secret;
  tokens: TokenKeys;
  /** Signs for an actor; present in the demo only. */
  mint?: Mint;
};

export const DEMO_ISSUER = 'integrity-hub-demo';
export const DEMO_AUDIENCE = 'integrity-hub';

/** Made once, whole or not at all, and by one of several processes starting at the same time. */
function readOrMake(path: string, make: () => string): string {
  if (!existsSync(path)) {
    const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
    writeFileSync(draft, make(), { mode: 0o600, flag: 'wx' });
    try {
      linkSync(draft, path);
    } catch (error) {
      if (!existsSync(path)) throw error;
    } finally {
      rmSync(draft);
    }
  }
  return readPrivateFile(basename(path), path);
}

const makeDemoKey = () =>
  JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));

async function demoTokens(folder: string, clock: Clock): Promise<Pick<Keys, 'tokens' | 'mint'>> {
  const jwk = JSON.parse(readOrMake(join(folder, 'demo-signing.jwk'), makeDemoKey)) as object;
  const key = { ...jwk, kid: 'demo', alg: 'EdDSA' } as SigningKey;
  const names = { issuer: DEMO_ISSUER, audience: DEMO_AUDIENCE };
  return {
    tokens: { ...names, find: createLocalJWKSet({ keys: [publicPart(key)] }) },
    mint: await openMint(key, { ...names, clock }),
  };
}

function madeIdentityKey(folder: string): Secret {
  const text = readOrMake(join(folder, 'identity.key'), () => randomBytes(32).toString('hex'));
  if (!/^[0-9a-f]{64,}$/.test(text)) {
    throw new HubError('config.invalid', { reason: 'identity.key is damaged or too short' });
  }
  return new Secret(text);
}

/** Of which a demo makes its logins to the database (src/platform/own-logins.ts). */
export function databaseKey(dataFolder: string): Secret {
  const folder = join(dataFolder, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return new Secret(
    readOrMake(join(folder, 'database.key'), () => randomBytes(32).toString('hex')),
  );
}

/** A file is cheap to look at, and whoever changed it waits for it. */
const FILE = { freshMs: 5_000, cooldownMs: 1_000 };
/** A new key works and a withdrawn one dies within a minute; strangers cause one fetch in 30 s at most. */
const SERVER = { freshMs: 60_000, cooldownMs: 30_000 };

function findKey(signIn: Exclude<SignInSettings, { kind: 'demo' }>, options: KeyCacheOptions) {
  if (signIn.kind === 'url') {
    return cacheKeys({ read: () => readKeyServer(signIn), ...SERVER }, options);
  }
  const read = async () => readPublicFile('HUB_JWT_PUBLIC_KEY_FILE', signIn.path);
  return cacheKeys({ read, ...FILE }, options);
}

/** Opens the keys of a data folder, making those that a hub makes for itself. */
export async function openKeys(
  dataFolder: string,
  signIn: SignInSettings,
  clock: Clock,
  options: KeyCacheOptions = {},
): Promise<Keys> {
  const folder = join(dataFolder, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const identity = madeIdentityKey(folder);
  if (signIn.kind === 'demo') return { identity, ...(await demoTokens(folder, clock)) };
  const { issuer, audience } = signIn;
  return { identity, tokens: { issuer, audience, find: findKey(signIn, options) } };
}
