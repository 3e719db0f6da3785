/** What kind of PostgreSQL answers, where the hub has to know. */
import type { Sql } from './database.ts';

/**
 * True for a server that spreads tables over others (Citus). It refuses sub-selects in policies, hands
 * settings on only where they are made with SET LOCAL, and has to plan each call for its parameters.
 */
export async function isDistributed(sql: Sql): Promise<boolean> {
  const [found] = await sql<{ yes: boolean }[]>`
    select to_regnamespace('citus') is not null as yes`;
  return found?.yes ?? false;
}
