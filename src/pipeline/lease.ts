/**
 * One holder at a time for a named piece of work, and a proof at commit time. A lease is taken over
 * only after its term (by the injected clock) and renewed only while its work moves on; each taking
 * raises the token, so a holder that slept past its term finds its commit refused (`run.superseded`)
 * instead of mixing with its successor's.
 */
import type { Clock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { Sql, Transaction } from '../platform/database.ts';

/** Proof of holding a lease; `check` must be called inside every transaction that commits work. */
export type Fence = {
  readonly name: string;
  readonly token: number;
  check(tx: Transaction): Promise<void>;
  /** Says that the work has moved on. Without it for the stall limit, the lease is given up. */
  moved(): void;
};

export type LeaseOptions = {
  holder: string;
  ttlMs: number;
  clock: Clock;
  /** Longest time without a sign of progress, in real milliseconds; longer than any one statement. */
  stallMs?: number;
  /** Called while the lease is still held when the work failed or stalled. */
  onFailure?: (error: unknown) => Promise<void>;
};

const STALL_MS = 30 * 60_000;

async function take(sql: Sql, name: string, options: LeaseOptions): Promise<number> {
  const now = options.clock.now();
  const expiresAt = new Date(now.getTime() + options.ttlMs);
  const [row] = await sql<{ token: string }[]>`
    insert into hub.lease as l (name, token, holder, expires_at)
    values (${name}, 1, ${options.holder}, ${expiresAt})
    on conflict (name) do update
      set token = l.token + 1, holder = excluded.holder, expires_at = excluded.expires_at
      where l.holder is null or l.expires_at <= ${now}
    returning token`;
  if (!row) throw new HubError('run.busy', { name });
  return Number(row.token);
}

/** A fence for a token already taken; a stale token fails, and so does one given back. */
export const fenceOf = (name: string, token: number, moved = () => {}): Fence => ({
  name,
  token,
  moved,
  async check(tx) {
    // The row lock makes a takeover wait until this commit is through, so no gap is left between
    // the check and the commit.
    const rows = await tx`select 1 from hub.lease
      where name = ${name} and token = ${token} and holder is not null for share`;
    if (rows.length === 0) throw new HubError('run.superseded', { name });
  },
});

/** Watches for signs of progress: `stalled` rejects when there was none for `stallMs`. */
function watch(name: string, stallMs: number) {
  let last = performance.now();
  const { promise: stalled, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting any more when it happens.
  stalled.catch(() => undefined);
  return {
    stalled,
    moved() {
      last = performance.now();
    },
    isMoving() {
      const isMoving = performance.now() - last < stallMs;
      if (!isMoving) reject(new HubError('run.stalled', { name }));
      return isMoving;
    },
  };
}

/**
 * Runs `work` while holding the lease, renewing it as long as the work moves on; throws `run.busy`
 * when held, `run.stalled` when the work stopped moving. Stalled work cannot be ended from here (it
 * waits for an answer that does not come), but its fence refuses whatever it may still commit.
 */
export async function withLease<T>(
  sql: Sql,
  name: string,
  options: LeaseOptions,
  work: (fence: Fence) => Promise<T>,
): Promise<T> {
  const { ttlMs, clock, stallMs = STALL_MS, onFailure } = options;
  const token = await take(sql, name, options);
  const { stalled, moved, isMoving } = watch(name, stallMs);
  const renew = async () => {
    const expiresAt = new Date(clock.now().getTime() + ttlMs);
    await sql`update hub.lease set expires_at = ${expiresAt} where name = ${name} and token = ${token}`;
  };
  const beat = () => {
    // A renewal that fails needs no handling: the term runs out and the fence refuses the commit.
    if (isMoving()) void renew().catch(() => undefined);
  };
  const heartbeat = setInterval(beat, Math.min(ttlMs, stallMs) / 3);
  heartbeat.unref();
  try {
    return await Promise.race([work(fenceOf(name, token, moved)), stalled]);
  } catch (error) {
    await onFailure?.(error);
    throw error;
  } finally {
    clearInterval(heartbeat);
    await sql`update hub.lease set holder = null where name = ${name} and token = ${token}`.catch(
      () => undefined,
    );
  }
}
