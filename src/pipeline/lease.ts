/**
 * One holder at a time for a named piece of work, and a proof at commit time. A lease is taken over
 * only after its term (by the injected clock) and renewed only while its work moves on; each taking
 * raises the token, so a holder that slept past its term finds its commit refused (`run.superseded`)
 * instead of mixing with its successor's.
 */
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
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
  /** Who is at it, in words for whoever waits; what proves the holding is the token. */
  holder?: string;
  ttlMs: number;
  clock: Clock;
  /** Longest time without a sign of progress, in real milliseconds; longer than any one statement. */
  stallMs?: number;
  /** Tells the work to end; what has not ended after `graceMs` is given up (`run.stopped`). */
  signal?: AbortSignal | undefined;
  graceMs?: number;
  /** Called while the lease is still held when the work failed or stalled. */
  onFailure?: (error: unknown) => Promise<void>;
};

const STALL_MS = 30 * 60_000;
/** Work that was told to end commits nothing more; it is given this long to end by itself. */
const GRACE_MS = 3000;

/** This process, by which an operator finds it. */
const thisProcess = () => `${hostname()}:${process.pid}`;

async function take(sql: Sql, name: string, options: LeaseOptions): Promise<number> {
  const now = options.clock.now();
  const expiresAt = new Date(now.getTime() + options.ttlMs);
  const [row] = await sql<{ token: string }[]>`
    insert into hub.lease as l (name, token, holder, expires_at)
    values (${name}, 1, ${options.holder ?? thisProcess()}, ${expiresAt})
    on conflict (name) do update
      set token = l.token + 1, holder = excluded.holder, expires_at = excluded.expires_at
      where l.holder is null or l.expires_at <= ${now}
    returning token`;
  if (!row) throw await busy(sql, name);
  return Number(row.token);
}

/** Who holds it, and until when unless it is renewed. */
async function busy(sql: Sql, name: string): Promise<HubError> {
  const [held] = await sql<{ holder: string; expiresAt: Date }[]>`
    select holder, expires_at as "expiresAt" from hub.lease where name = ${name} and holder is not null`;
  const until = held?.expiresAt.toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' }) ?? '—';
  return new HubError('run.busy', { name, holder: held?.holder ?? '—', until });
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

const BLOCKED_MS = 500;

/**
 * Gives the lease back. Work that was given up may still hold the row: it is in the transaction of a
 * statement that waits. Whoever stands in the way of this statement is that work, and is cancelled.
 */
async function release(sql: Sql, name: string, token: number): Promise<void> {
  const given =
    sql`update hub.lease set holder = null where name = ${name} and token = ${token}`.then(
      () => true,
      () => true,
    );
  for (const how of ['pg_cancel_backend', 'pg_terminate_backend']) {
    if (await Promise.race([given, delay(BLOCKED_MS, false)])) return;
    await sql
      .unsafe(
        `select ${how}(blocker) from pg_locks l, unnest(pg_blocking_pids(l.pid)) blocker
        where not l.granted and l.pid in (select pid from pg_stat_activity
          where datname = current_database() and usename = session_user
            and query like 'update hub.lease set holder = null%')`,
      )
      .catch(() => undefined);
  }
  await Promise.race([given, delay(BLOCKED_MS)]);
}

/** `stopped` rejects when the work was told to end and has not within the grace time. */
function listen(name: string, signal: AbortSignal | undefined, graceMs: number) {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  stopped.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => reject(new HubError('run.stopped', { name })), graceMs);
  };
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort);
  const end = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
  return { stopped, end };
}

/**
 * Runs `work` while holding the lease, renewing it as long as the work moves on; throws `run.busy`
 * when held, `run.stalled` when the work stopped moving, `run.stopped` when told to end. Such work cannot be ended from here (it
 * waits for an answer that does not come), but its fence refuses whatever it may still commit.
 */
export async function withLease<T>(
  sql: Sql,
  name: string,
  options: LeaseOptions,
  work: (fence: Fence) => Promise<T>,
): Promise<T> {
  const { ttlMs, clock, stallMs = STALL_MS, signal, graceMs = GRACE_MS, onFailure } = options;
  const token = await take(sql, name, options);
  const { stalled, moved, isMoving } = watch(name, stallMs);
  const { stopped, end } = listen(name, signal, graceMs);
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
    return await Promise.race([work(fenceOf(name, token, moved)), stalled, stopped]);
  } catch (error) {
    await onFailure?.(error);
    throw error;
  } finally {
    end();
    clearInterval(heartbeat);
    await release(sql, name, token);
  }
}
