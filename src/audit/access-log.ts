/**
 * Whoever looks is logged: one entry for every operation that reads or commands, and for every
 * refused sign-in; who, when, which operation, why, whom, how many and the outcome, never the values.
 * `write` resolves when the entry is on disk; whoever holds data must await it before handing them
 * out, so that without an entry there are no data.
 *
 * Entries of requests that run at the same time share an INSERT and a commit: while commits are under
 * way the next entries gather, so waiting costs at most two commits and needs no timer. PostgreSQL in
 * turn writes commits of several connections to disk together.
 */
import type { Clock } from '../base/clock.ts';
import type { Sql } from '../platform/database.ts';
import { accessLogEntries, accessLogSeconds } from '../platform/metrics.ts';
import { traced } from '../platform/trace.ts';

export type AccessOutcome = 'ok' | `refused:${string}` | `failed:${string}`;

export type AccessEntry = {
  actorId: string;
  /** Name of the operation, or its root fields. */
  operation: string;
  purpose?: string | undefined;
  /** Whose rows are in the answer. */
  persons?: readonly string[] | undefined;
  /** Whom the request named, where it got nothing of them. */
  askedFor?: string | undefined;
  /** Objects in the answer; absent where the entry was written before it. */
  rows?: number | undefined;
  outcome: AccessOutcome;
};

export type AccessLog = {
  write(entry: AccessEntry): Promise<void>;
};

type Waiting = { row: EntryRow; done: () => void; failed: (error: unknown) => void };
type EntryRow = {
  at: string;
  actor_id: string;
  operation: string;
  purpose: string | null;
  persons: string;
  asked_for: string | null;
  rows: number | null;
  outcome: string;
};

const MOST_PER_INSERT = 500;
/** Commits under way at once, each on its own connection. With one, the next group gathers meanwhile. */
export const MOST_COMMITS = 1;
const LONGEST_TEXT = 200;

/** Text from outside is cut, so that nobody can fill the disk through a header. */
const cut = (text: string) => text.slice(0, LONGEST_TEXT);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Outside text may hold NUL, which PostgreSQL's text cannot. */
const clean = (text: string) => cut(text).replaceAll('\u0000', '');

export function openAccessLog(sql: Sql, clock: Clock): AccessLog {
  const waiting: Waiting[] = [];
  let commits = 0;

  const insert = (rows: EntryRow[]) => sql`
    insert into hub.access_log (at, actor_id, operation, purpose, persons, asked_for, rows, outcome)
    select at, actor_id, operation, purpose, persons, asked_for, rows, outcome
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as entry(
      at timestamptz, actor_id text, operation text, purpose text, persons uuid[], asked_for uuid, rows int, outcome text)`;

  async function commitWaiting() {
    commits += 1;
    while (waiting.length > 0) {
      const group = waiting.splice(0, MOST_PER_INSERT);
      const ended = accessLogSeconds.startTimer();
      try {
        await traced('access-log.commit', { entries: group.length }, async () =>
          insert(group.map((entry) => entry.row)),
        );
        ended();
        accessLogEntries.inc({ outcome: 'written' }, group.length);
        for (const entry of group) entry.done();
      } catch (error) {
        accessLogEntries.inc({ outcome: 'failed' }, group.length);
        for (const entry of group) entry.failed(error);
      }
    }
    commits -= 1;
  }

  return {
    write(entry) {
      const row: EntryRow = {
        at: clock.now().toISOString(),
        actor_id: clean(entry.actorId),
        operation: clean(entry.operation),
        purpose: entry.purpose === undefined ? null : clean(entry.purpose),
        // One malformed id would fail the whole group it is committed with.
        persons: `{${(entry.persons ?? []).filter((id) => UUID.test(id)).join(',')}}`,
        asked_for: entry.askedFor && UUID.test(entry.askedFor) ? entry.askedFor : null,
        rows: entry.rows ?? null,
        outcome: clean(entry.outcome),
      };
      return new Promise((done, failed) => {
        waiting.push({ row, done, failed });
        if (commits < MOST_COMMITS) void commitWaiting();
      });
    },
  };
}
