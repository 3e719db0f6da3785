/** Waits until a connection to this database waits for a lock: the view shows those of the whole server. */
import type { Sql } from '../../src/platform/database.ts';
import { until } from './until.ts';

/** An advisory lock by its key, any advisory lock, or the lock of a table. */
export type Awaited = { advisory: number | 'any' } | { table: string };

export const lockIsAwaited = (sql: Sql, awaited: Awaited): Promise<void> =>
  until(async () => {
    const which =
      'table' in awaited
        ? sql`relation = ${awaited.table}::regclass`
        : sql`locktype = 'advisory' ${awaited.advisory === 'any' ? sql`` : sql`and objid = ${awaited.advisory}`}`;
    const rows = await sql`select 1 from pg_locks where not granted and ${which}
      and database = (select oid from pg_database where datname = current_database())`;
    return rows.length > 0;
  });
