/**
 * Of rows of a batch with the same key the last one counts. The others stay in the log, which is
 * shared with other batches, and are marked in this batch's list of pages.
 */
import type { Transaction } from '../../platform/database.ts';

/** A batch made of pages that all stand in one earlier batch without doubles has none either. */
async function repeatsOneWithout(tx: Transaction, batchId: number): Promise<boolean> {
  const [row] = await tx<{ yes: boolean }[]>`
    select (select count(*) = count(distinct page_id) from hub.batch_page where batch_id = ${batchId})
      and exists (
        select 1 from (
          select p.batch_id from hub.batch_page p join hub.batch b using (batch_id)
          where p.page_id = (select page_id from hub.batch_page where batch_id = ${batchId}
              order by first_ordinal limit 1)
            and p.batch_id <> ${batchId} and b.rows_superseded = 0
          order by p.batch_id desc limit 1) earlier
        where not exists (
          select page_id from hub.batch_page where batch_id = ${batchId}
          except select page_id from hub.batch_page where batch_id = earlier.batch_id)) as yes`;
  return row?.yes ?? false;
}

const MARK = `
  with stated as materialized (
    select first_ordinal, ordinal, slot, record_key from hub.stated where batch_id = $1
  ), doubled as (
    select record_key from stated group by record_key having count(*) > 1
  ), ranked as (
    select s.first_ordinal, s.slot, row_number() over (
      partition by s.record_key order by s.ordinal desc, s.slot desc) as rank
    from stated s join doubled d using (record_key)
  ), gone as (
    select first_ordinal, array_agg(slot order by slot) as slots from ranked where rank > 1
    group by first_ordinal
  )
  update hub.batch_page p set superseded = g.slots from gone g
  where p.batch_id = $1 and p.first_ordinal = g.first_ordinal`;

/**
 * Marks what later rows of the batch replace; gives the number of rows that became a record.
 * `rows` is what remains when nothing does.
 */
export async function supersede(
  tx: Transaction,
  batchId: number,
  { rows, mayHaveDoubles }: { rows: number; mayHaveDoubles: boolean | 'unknown' },
): Promise<number> {
  if (mayHaveDoubles === false) return rows;
  if (mayHaveDoubles === 'unknown' && (await repeatsOneWithout(tx, batchId))) return rows;
  const { count } = await tx.unsafe(MARK, [batchId]);
  if (count === 0) return rows;
  const [row] = await tx<{ rows: number }[]>`
    select count(distinct ordinal)::int as rows from hub.stated where batch_id = ${batchId}`;
  return row?.rows ?? 0;
}
