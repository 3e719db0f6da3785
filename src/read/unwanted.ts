/**
 * Queries whose callers have gone. Whoever types ahead hangs up on most requests; their queries end by
 * themselves within a moment and are discarded. Only slower ones are worth a cancellation, so all are
 * looked at from time to time instead of each being told: listening to every request costs more.
 */
const LOOK_EVERY_MS = 200;

type Watched = { signal: AbortSignal; stop: () => void; isKnownGone: boolean };

export type Unwanted = {
  /** Calls `stop`, perhaps several times, once the caller has been gone for a while; returns the end of it. */
  watch(signal: AbortSignal, stop: () => void): () => void;
};

export function watchUnwanted(): Unwanted {
  const watched = new Set<Watched>();
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    for (const each of watched) {
      if (each.isKnownGone) each.stop();
      each.isKnownGone = each.signal.aborted;
    }
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  return {
    watch(signal, stop) {
      const each = { signal, stop, isKnownGone: false };
      watched.add(each);
      timer ??= setInterval(look, LOOK_EVERY_MS).unref();
      return () => watched.delete(each);
    },
  };
}
