/**
 * Looks after the embedded server while a hub runs: when it is gone (killed, out of memory) it is
 * started again. Its clients wait or are told that the database is away, as with any other server.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../base/log.ts';

const LOOK_MS = 250;
/** Between attempts: server processes of the dead one need a moment to notice and let go. */
const LONGEST_PAUSE_MS = 5_000;

type Watched = {
  isAlive(): boolean;
  /** Starts it again, or throws; called until it succeeds. */
  revive(): Promise<void>;
  log: Log;
};

/** Watches until `end`, which waits for an attempt under way. */
export function watchServer({ isAlive, revive, log }: Watched): { end(): Promise<void> } {
  const over = new AbortController();
  const pause = (ms: number) =>
    delay(ms, undefined, { signal: over.signal, ref: false }).catch(() => undefined);

  async function bringBack() {
    log.warn('database.server-lost');
    for (let wait = LOOK_MS; !over.signal.aborted; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      try {
        await revive();
        log.info('database.server-restarted');
        return;
      } catch (error) {
        log.error('database.server-not-restarted', error);
        await pause(wait);
      }
    }
  }

  async function look() {
    while (!over.signal.aborted) {
      if (!isAlive()) await bringBack();
      await pause(LOOK_MS);
    }
  }

  const looking = look();
  return {
    async end() {
      over.abort();
      await looking;
    },
  };
}
