/**
 * Of rows of a batch with the same key the last one counts. The others stay in the log, which is
 * shared with other batches, and are marked in this batch's list of pages.
 */
import type { Transaction } from '../../platform/database.ts';

/** The feed's newest other batch without doubles: pages that stand in it together hold none. */
const EARLIER = `
  select o.batch_id from hub.batch b
  join hub.batch o on o.feed_id = b.feed_id and o.batch_id <> b.batch_id
  where b.batch_id = $1 and o.rows_superseded = 0 and o.state in ('normalised', 'resolved', 'linked')
  order by o.batch_id desc limit 1`;

/** How many pages the batch has, how many of them others have not, and whether one stands in it twice. */
const PAGES = `
  select count(*)::int as pages, count(distinct page_id) < count(*) as "isTwice",
    (count(*) filter (where page_id not in (
      select page_id from hub.batch_page where batch_id = (${EARLIER}))))::int as fresh
  from hub.batch_page where batch_id = $1`;

/** A record of a page that is new here, and another of the batch with its key. */
const MEETS_ANOTHER = `
  select 1 from hub.batch_page p join hub.record r on r.page_id = p.page_id
  join hub.record o on o.record_key = r.record_key and (o.page_id, o.slot) <> (r.page_id, r.slot)
  join hub.batch_page q on q.page_id = o.page_id and q.batch_id = $1
  where p.batch_id = $1 and p.page_id not in (
    select page_id from hub.batch_page where batch_id = (${EARLIER}))
  limit 1`;

/** Looks no further than the pages that are new: the cost follows what changed. */
async function hasDoubles(tx: Transaction, batchId: number): Promise<boolean> {
  const [found] = await tx.unsafe<{ pages: number; isTwice: boolean; fresh: number }[]>(PAGES, [
    batchId,
  ]);
  if (!found || found.isTwice || found.fresh * 2 > found.pages) return true;
  if (found.fresh === 0) return false;
  return (await tx.unsafe(MEETS_ANOTHER, [batchId])).length > 0;
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
  if (mayHaveDoubles === 'unknown' && !(await hasDoubles(tx, batchId))) return rows;
  const { count } = await tx.unsafe(MARK, [batchId]);
  if (count === 0) return rows;
  const [row] = await tx<{ rows: number }[]>`
    select count(distinct ordinal)::int as rows from hub.stated where batch_id = ${batchId}`;
  return row?.rows ?? 0;
}
