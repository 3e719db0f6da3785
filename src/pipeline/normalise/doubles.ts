/**
 * Of rows of a batch with the same key the last one counts, with all it states; two declarations may
 * name one relative, and both count. What does not count stays in the log, which is shared with other
 * batches, and is marked in this batch's list of pages.
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

const IS_NESTED = `
  select 1 from hub.batch_page p join hub.record_page g using (page_id)
  where p.batch_id = $1 and g.restates is not null limit 1`;

/** `stated` with its owner: the record of the row that states it whole; itself where rows are flat. */
const STATED = 'select *, record_key as owner from hub.stated where batch_id = $1';
const NESTED = `
  select s.*, coalesce(o.record_key, s.record_key) as owner from hub.stated s
  join hub.record_page g using (page_id)
  left join hub.record o on o.page_id = s.page_id and o."row" = s.ordinal - s.first_ordinal
    and o.kind = g.restates and s.kind <> g.restates
  where s.batch_id = $1`;

/** Rows whose own record a later row states again go with everything they state. */
const RESTATED = `
  union select s.first_ordinal, s.slot from stated s join stated o on o.record_key = s.owner
    and o.owner = o.record_key and o.ordinal > s.ordinal`;

const mark = (isNested: boolean) => `
  with stated as materialized (
    select first_ordinal, ordinal, slot, record_key, owner from (${isNested ? NESTED : STATED}) s
  ), doubled as (
    select record_key, owner from stated group by record_key, owner having count(*) > 1
  ), ranked as (
    select s.first_ordinal, s.slot, row_number() over (
      partition by s.record_key, s.owner order by s.ordinal desc, s.slot desc) as rank
    from stated s join doubled d using (record_key, owner)
  ), gone as (
    select first_ordinal, slot from ranked where rank > 1 ${isNested ? RESTATED : ''}
  ), marked as (
    select first_ordinal, array_agg(slot order by slot) as slots from gone group by first_ordinal
  )
  update hub.batch_page p set superseded = m.slots from marked m
  where p.batch_id = $1 and p.first_ordinal = m.first_ordinal`;

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
  const nested = await tx.unsafe(IS_NESTED, [batchId]);
  const { count } = await tx.unsafe(mark(nested.length > 0), [batchId]);
  if (count === 0) return rows;
  const [row] = await tx<{ rows: number }[]>`
    select count(distinct ordinal)::int as rows from hub.stated where batch_id = ${batchId}`;
  return row?.rows ?? 0;
}
