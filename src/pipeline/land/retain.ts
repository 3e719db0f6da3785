/**
 * Lets delivered pages go when their time is over. A page stays as long as a fact the graph holds now
 * came from it, since a rule may cite that fact tomorrow, or its batch is not linked yet. What was
 * cited before lies beside its citation; the record log, from which the graph is rebuilt, stays whole.
 * A fact that comes to be long after its delivery, because somebody entered the population, is cited
 * by feed, batch and row when the page is gone, without its cells.
 */
import { FACT_TABLES } from '../../../schema/fact-tables.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Sql, Transaction } from '../../platform/database.ts';

export type Retention = { sql: Sql; clock: Clock; log: Log; keepMonths: number };

/** First day of the month that is `months` before that of `today`: partitions are whole months. */
export function keptSince(today: string, months: number): string {
  const [year = 0, month = 1] = today.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10);
}

/** Rows of old pages that facts of today came from. */
async function collectStanding(tx: Transaction, since: string): Promise<void> {
  await tx.unsafe(`
    create temp table old_page on commit drop as
      select p.landed_on, p.batch_id, p.first_ordinal, p.row_count
      from hub.landed_page p join hub.batch b using (batch_id)
      where p.landed_on < '${since}' and b.state in ('linked', 'refused');
    create temp table standing (batch_id bigint, ordinal integer) on commit drop`);
  for (const kind of FACT_TABLES.keys()) {
    await tx.unsafe(`insert into standing select distinct f.batch_id, f.ordinal from hub.${kind} f
      where f.known_to = 'infinity' and f.batch_id in (select batch_id from old_page)`);
  }
  await tx.unsafe('create index on pg_temp.standing (batch_id, ordinal)');
  await tx.unsafe('analyze pg_temp.old_page, pg_temp.standing');
}

const LET_GO = `
  delete from hub.landed_page p using old_page o
  where p.landed_on = o.landed_on and p.batch_id = o.batch_id and p.first_ordinal = o.first_ordinal
    and not exists (select 1 from standing s where s.batch_id = o.batch_id
      and s.ordinal >= o.first_ordinal and s.ordinal < o.first_ordinal + o.row_count)`;

/** Makes the coming months' partitions, lets old pages go, and drops the months that are empty then. */
export async function retainLanded({ sql, clock, log, keepMonths }: Retention): Promise<number> {
  await sql`select hub.make_partitions()`;
  const since = keptSince(clock.today(), keepMonths);
  const gone = await sql.begin(async (tx) => {
    await collectStanding(tx, since);
    const { count } = await tx.unsafe(LET_GO);
    return count;
  });
  const [dropped] = await sql<
    { names: string[] }[]
  >`select hub.drop_empty_partitions(${since}) as names`;
  log.info('landed.retained', {
    since,
    pages: Number(gone),
    partitions: dropped?.names.length ?? 0,
  });
  return Number(gone);
}
