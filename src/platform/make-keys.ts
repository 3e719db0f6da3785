/**
 * Makes what an installation keeps secret, into files that only their owner reads. Nothing that is
 * there already is written over: an identity key that is lost cannot be made again.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JWK } from 'jose';
import { invalid } from '../base/invalid-setting.ts';
import { readKeySet } from '../base/public-keys.ts';
import { makeSigningKey, publicPart, type SigningAlgorithm } from './signing-key.ts';

const OWNER_ONLY = 0o600;
/** Holds public keys; the hub may run as another user than who made them. */
const EVERYONE_READS = 0o644;

const isThere = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';

/** 48 random bytes as text in a new file; throws config.invalid where there is one. */
export function makeSecretFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const text = `${randomBytes(48).toString('base64url')}\n`;
    writeFileSync(path, text, { mode: OWNER_ONLY, flag: 'wx' });
  } catch (error) {
    if (!isThere(error)) throw error;
    throw invalid(path, 'exists already and is left as it is');
  }
}

/** Whole or not at all: the hub may be reading it at this moment. */
function replaceFile(path: string, value: object, mode: number) {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode, flag: 'wx' });
  renameSync(draft, path);
}

function presentKeys(path: string): JWK[] {
  if (!existsSync(path)) return [];
  const keys = readKeySet(readFileSync(path, 'utf8'), true);
  if (typeof keys === 'string') throw invalid(path, `is no key set to add to: ${keys}`);
  return keys as JWK[];
}

export type MadeSigning = { keyFile: string; setFile: string; kid: string; kept: string[] };

/**
 * A new signing key and the set of public keys that check its tokens. Older public keys stay in the
 * set, so that tokens under way stay good, unless `dropsOld`.
 */
export async function makeSigningFiles(
  folder: string,
  alg: SigningAlgorithm,
  { dropsOld }: { dropsOld: boolean },
): Promise<MadeSigning> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keyFile = join(folder, 'signing.jwk');
  const setFile = join(folder, 'jwks.json');
  const kept = dropsOld ? [] : presentKeys(setFile);
  const key = await makeSigningKey(alg);
  // The public part first: a token is never older than the key that checks it.
  replaceFile(setFile, { keys: [publicPart(key), ...kept] }, EVERYONE_READS);
  replaceFile(keyFile, key, OWNER_ONLY);
  return { keyFile, setFile, kid: key.kid, kept: kept.map(({ kid }) => kid ?? '—') };
}
