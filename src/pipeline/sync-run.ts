/** The row of `sync_run` an operator watches: where a pull stands, and how it ended. */
import type { Clock } from '../base/clock.ts';
import type { HubError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Sql, Transaction } from '../platform/database.ts';

export type SyncRun = {
  readonly id: string;
  /** Step and per cent of the delivery being worked on; written at most once a second. */
  progress(step: string, done: number, total?: number): void;
  /** Adds a landed delivery, in the transaction that lands it: neither is there without the other. */
  count(tx: Transaction, landed: { rows: number; drift: readonly string[] }): Promise<void>;
  end(state: 'done' | 'failed' | 'superseded', error?: HubError): Promise<void>;
};

const BETWEEN_WRITES_MS = 1000;

type Open = {
  id: string;
  sql: Sql;
  clock: Clock;
  log: Log;
  feedId: string;
  requestedBy: string;
};

/**
 * Opens a run; other runs of the feed that a dead process left open are closed as superseded. Another
 * attempt at the same run goes on counting where the last one stopped.
 */
export async function openSyncRun({
  id,
  sql,
  clock,
  log,
  feedId,
  requestedBy,
}: Open): Promise<SyncRun> {
  const now = clock.now();
  await sql`update hub.sync_run set state = 'superseded', ended_at = ${now}
    where feed_id = ${feedId} and state = 'running' and sync_run_id <> ${id}`;
  await sql`insert into hub.sync_run (sync_run_id, feed_id, state, requested_by, started_at)
    values (${id}, ${feedId}, 'running', ${requestedBy}, ${now})
    on conflict (sync_run_id) do update set state = 'running',
      started_at = case when sync_run.state = 'queued' then excluded.started_at else sync_run.started_at end,
      ended_at = null, step = null, progress = 0, error_code = null, error_zh = null, error_en = null`;
  let written = 0;
  return {
    id,
    progress(step, done, total) {
      if (performance.now() - written < BETWEEN_WRITES_MS) return;
      written = performance.now();
      const share = total ? Math.min(100, Math.floor((100 * done) / total)) : 0;
      // Progress is for the eye only: a lost write says nothing about the run.
      void sql`update hub.sync_run set step = ${step}, progress = ${share}
        where sync_run_id = ${id} and state = 'running'`.catch(() => undefined);
    },
    async count(tx, { rows, drift }) {
      await tx`update hub.sync_run set batches = batches + 1, rows_landed = rows_landed + ${rows},
        drift = array(select distinct d from unnest(drift || ${[...drift]}::text[]) d order by d)
        where sync_run_id = ${id}`;
    },
    async end(state, error) {
      await sql`
        update hub.sync_run set state = ${state}, ended_at = ${clock.now()},
          progress = case when ${state} = 'done' then 100 else progress end,
          error_code = ${error?.code ?? null}, error_zh = ${error?.chinese ?? null},
          error_en = ${error?.message ?? null},
          rows_quarantined = coalesce((select sum(b.rows_quarantined) from hub.batch b
            where b.feed_id = ${feedId} and b.received_at >= sync_run.started_at), 0)
        where sync_run_id = ${id} and state = 'running'`;
      log.info('sync.ended', { feed: feedId, state, code: error?.code });
    },
  };
}
