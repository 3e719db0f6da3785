/**
 * Lets months of the access log go when their time is over. A month goes as a whole; nobody may take
 * single entries, and PostgreSQL refuses to drop a month that the law wants kept (migrations/always.sql).
 */
import type { Log } from '../base/log.ts';
import type { Sql } from '../platform/database.ts';

export type LogRetention = { sql: Sql; log: Log; keepMonths: number };

/** `sql` belongs to the workers' role. Gives the partitions dropped. */
export async function retainAccessLog({ sql, log, keepMonths }: LogRetention): Promise<string[]> {
  await sql`select hub.make_partitions()`;
  const [dropped] = await sql<{ names: string[] }[]>`
    select hub.drop_log_months(${keepMonths}) as names`;
  const names = dropped?.names ?? [];
  if (names.length > 0) log.info('audit.retained', { keepMonths, partitions: names.length });
  return names;
}
