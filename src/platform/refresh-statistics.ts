/**
 * Brings the planner's statistics up to date where much has changed. The server does this by itself,
 * but up to a minute late, and a night that follows a first load at once would be planned blind:
 * minutes instead of a second.
 */
import type { Sql } from './database.ts';

/** Of the role `worker`; costs nothing where nothing changed. */
export async function refreshStatistics(sql: Sql): Promise<void> {
  // The same measure as the server's own: a tenth of the rows.
  const tables = await sql<{ name: string }[]>`
    select relid::regclass::text as name from pg_stat_user_tables
    where schemaname = 'hub' and n_mod_since_analyze > 50 + n_live_tup / 10`;
  for (const { name } of tables) await sql`select hub.refresh_statistics(${name}::regclass)`;
}
