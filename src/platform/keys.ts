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
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTVerifyGetKey,
  SignJWT,
} from 'jose';
import type { Clock } from '../base/clock.ts';
import type { SignInSettings } from '../base/configured-keys.ts';
import { HubError } from '../base/errors.ts';
import { readPrivateFile } from '../base/private-file.ts';
import { Secret } from '../base/secret.ts';

/** Fixed by us: whatever algorithm a token names, no other is tried. */
export const TOKEN_ALGORITHMS = ['EdDSA', 'ES256'] as const;

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
  mint?: (actorId: string, minutes?: number) => Promise<string>;
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

const makeSigningKey = () =>
  JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));

function parseKeySet(text: string): JSONWebKeySet {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed === 'object' && parsed !== null && 'keys' in parsed) {
    return parsed as JSONWebKeySet;
  }
  throw new HubError('config.invalid', { reason: 'token key set has no "keys"' });
}

async function demoTokens(folder: string, clock: Clock): Promise<Pick<Keys, 'tokens' | 'mint'>> {
  const jwk = JSON.parse(readOrMake(join(folder, 'demo-signing.jwk'), makeSigningKey)) as JWK;
  const { d: _, ...publicPart } = jwk;
  const kid = 'demo';
  const key = await importJWK(jwk, 'EdDSA');
  return {
    tokens: {
      issuer: DEMO_ISSUER,
      audience: DEMO_AUDIENCE,
      find: createLocalJWKSet({
        keys: [{ ...publicPart, kid, alg: 'EdDSA', use: 'sig' } as JWK & { kty: string }],
      }),
    },
    mint: (actorId, minutes = 12 * 60) => {
      const now = Math.floor(clock.now().getTime() / 1000);
      return new SignJWT({})
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'JWT' })
        .setIssuer(DEMO_ISSUER)
        .setAudience(DEMO_AUDIENCE)
        .setSubject(actorId)
        .setIssuedAt(now)
        .setExpirationTime(now + minutes * 60)
        .sign(key);
    },
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

/** Opens the keys of a data folder, making those that a hub makes for itself. */
export async function openKeys(
  dataFolder: string,
  signIn: SignInSettings,
  clock: Clock,
): Promise<Keys> {
  const folder = join(dataFolder, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const identity = madeIdentityKey(folder);
  if (signIn.kind === 'demo') return { identity, ...(await demoTokens(folder, clock)) };
  const { issuer, audience } = signIn;
  const find =
    signIn.kind === 'file'
      ? createLocalJWKSet(parseKeySet(readFileSync(signIn.path, 'utf8')))
      : // One fetch in 30 s at most; a withdrawn key dies within a minute.
        createRemoteJWKSet(new URL(signIn.url), {
          cooldownDuration: 30_000,
          cacheMaxAge: 60_000,
          timeoutDuration: 5_000,
        });
  return { identity, tokens: { issuer, audience, find } };
}
