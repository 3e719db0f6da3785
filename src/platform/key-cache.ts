/**
 * Public keys that are read again while the hub runs: when they are no longer fresh, and once when a
 * token names a key that is not among them, for a provider may just have changed keys. While they
 * cannot be read, those read last are good for KEEP_MS and no longer: a withdrawn key must die.
 */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { readKeySet } from '../base/public-keys.ts';
import { KeysNotRead } from './key-server.ts';

export type KeySource = {
  /** The text of a key set. */
  read(): Promise<string>;
  /** So long what was read is taken without asking again. */
  freshMs: number;
  /** At most one reading in so long, whatever keys tokens name. */
  cooldownMs: number;
};

export type KeyCacheOptions = {
  onFailure?: ((error: unknown) => void) | undefined;
  /** Milliseconds that never go back. */
  now?: (() => number) | undefined;
};

export const KEEP_MS = 10 * 60_000;
const RETRY_MS = 5_000;

type Held = { find: JWTVerifyGetKey; readAt: number };

export function cacheKeys(source: KeySource, options: KeyCacheOptions = {}): JWTVerifyGetKey {
  const { onFailure = () => undefined, now = () => performance.now() } = options;
  let held: Held | undefined;
  let failure: unknown;
  let triedAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function readNow() {
    triedAt = now();
    try {
      const keys = readKeySet(await source.read(), false);
      if (typeof keys === 'string') throw new KeysNotRead(`holds ${keys}`);
      held = { find: createLocalJWKSet({ keys } as JSONWebKeySet), readAt: now() };
      failure = undefined;
    } catch (error) {
      failure = error;
      onFailure(error);
    }
  }

  /** Resolves when a reading under way or begun now has ended; false where it is too early for one. */
  async function readAgain(): Promise<boolean> {
    const pause = failure === undefined ? source.cooldownMs : RETRY_MS;
    if (!reading && now() - triedAt < pause) return false;
    reading ??= readNow().finally(() => {
      reading = undefined;
    });
    await reading;
    return true;
  }

  const usable = (): Held => {
    if (held && now() - held.readAt <= KEEP_MS) return held;
    throw failure ?? new KeysNotRead('not yet');
  };

  return async (header, token) => {
    if (!held || now() - held.readAt >= source.freshMs) await readAgain();
    try {
      return await usable().find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await readAgain())) throw error;
      if (failure !== undefined) throw failure;
      return usable().find(header, token);
    }
  };
}
