/**
 * One holder at a time for a named piece of work, and a proof at commit time. A lease is taken over
 * only after its term (by the injected clock); each taking raises the token, so a holder that slept
 * past its term finds its commit refused (`run.superseded`) instead of mixing with its successor's.
 */
import type { Clock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { Sql, Transaction } from '../platform/database.ts';

/** Proof of holding a lease; `check` must be called inside every transaction that commits work. */
export type Fence = {
  readonly name: string;
  readonly token: number;
  check(tx: Transaction): Promise<void>;
};

export type LeaseOptions = { holder: string; ttlMs: number; clock: Clock };

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

/** A fence for a token already taken; a stale token fails. */
export const fenceOf = (name: string, token: number): Fence => ({
  name,
  token,
  async check(tx) {
    // The row lock makes a takeover wait until this commit is through, so no gap is left between
    // the check and the commit.
    const rows =
      await tx`select 1 from hub.lease where name = ${name} and token = ${token} for share`;
    if (rows.length === 0) throw new HubError('run.superseded', { name });
  },
});

/** Runs `work` while holding the lease, renewing it in the background; throws `run.busy` when held. */
export async function withLease<T>(
  sql: Sql,
  name: string,
  options: LeaseOptions,
  work: (fence: Fence) => Promise<T>,
): Promise<T> {
  const token = await take(sql, name, options);
  const renew = async () => {
    const expiresAt = new Date(options.clock.now().getTime() + options.ttlMs);
    await sql`update hub.lease set expires_at = ${expiresAt} where name = ${name} and token = ${token}`;
  };
  // A renewal that fails needs no handling: the term runs out and the fence refuses the commit.
  const heartbeat = setInterval(() => void renew().catch(() => undefined), options.ttlMs / 3);
  heartbeat.unref();
  try {
    return await work(fenceOf(name, token));
  } finally {
    clearInterval(heartbeat);
    await sql`update hub.lease set holder = null where name = ${name} and token = ${token}`.catch(
      () => undefined,
    );
  }
}
