/**
 * Waits for the file system no longer than a limit. A mount whose server is gone answers no question
 * and cannot be told to stop: the question stays with one of the process's few file threads until it
 * returns. So its folder is not asked again meanwhile, and after two such questions none is.
 */
import { HubError } from '../base/errors.ts';

/** Longest wait for one answer: a name looked up, a folder listed, a block read. */
export const FILE_IDLE_MS = 60_000;
/** File threads that may be lost at once; Node has four, which name lookups and archives need too. */
const MOST_HUNG = 2;

/** Questions given up and not yet answered, by the folder or file asked about. */
const hung = new Map<object, string>();

/** Whether some question of this process was given up and is still not answered. */
export const hasHungFiles = (): boolean => hung.size > 0;

export type FileWatch = {
  feed: string;
  /** The folder or file: while it does not answer it is not asked again. */
  place: string;
  idleMs?: number | undefined;
  signal?: AbortSignal | undefined;
};

const unavailable = (feed: string, fault: string) =>
  new HubError('source.unavailable', { feed, fault });

/** The answer, or `source.unavailable` when it takes too long or the run is told to stop. */
export async function answered<T>(ask: () => Promise<T>, watch: FileWatch): Promise<T> {
  const { feed, place, idleMs = FILE_IDLE_MS, signal } = watch;
  if (signal?.aborted) throw unavailable(feed, 'aborted');
  if (hung.size >= MOST_HUNG || [...hung.values()].includes(place)) {
    throw unavailable(feed, 'not-answering');
  }
  const answer = ask();
  const { promise: given, reject } = Promise.withResolvers<never>();
  const giveUp = (fault: string) => {
    const question = {};
    hung.set(question, place);
    const forget = () => hung.delete(question);
    answer.then(forget, forget);
    reject(unavailable(feed, fault));
  };
  const timer = setTimeout(giveUp, idleMs, 'timed-out');
  const onAbort = () => giveUp('aborted');
  signal?.addEventListener('abort', onAbort);
  try {
    return await Promise.race([answer, given]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
