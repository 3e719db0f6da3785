/**
 * The temporary tables of one link transaction, and the order of batches every chain is built in:
 * as-of date, then the department's sequence, so that any order of arrival gives the same graph; only
 * deliveries of one feed that the department gave one place count as they arrived, which is part of
 * the record log. What they say never decides.
 */
import type { Transaction } from '../../platform/database.ts';

/**
 * touched  record keys whose chain of versions must be rebuilt
 * changed  subjects whose facts changed, and of which kind
 * affected persons whose row in `person` must be derived again
 * placed   linked batches, and the one being linked, in order
 */
export async function openWorkspace(tx: Transaction, batchId: number | null): Promise<void> {
  await tx.unsafe(`
    create temp table touched (kind text not null, record_key uuid not null) on commit drop;
    create temp table changed (subject text not null, subject_id uuid not null, kind text not null) on commit drop;
    create temp table affected (person_id uuid not null) on commit drop`);
  await placeBatches(tx, batchId);
}

/** Fills `placed`, anew where other batches were linked meanwhile. */
export async function placeBatches(tx: Transaction, batchId: number | null): Promise<void> {
  await tx.unsafe(`
    drop table if exists pg_temp.placed;
    create temp table placed on commit drop as
      select batch_id, feed_id, as_of, mode, kinds, array(select jsonb_object_keys(header)) as sheets,
        row_number() over (order by as_of, sequence, feed_id, batch_id) as place
      from hub.batch where state = 'linked' or batch_id = ${batchId ?? -1};
    create index on pg_temp.placed (batch_id);
    analyze pg_temp.placed`);
}

/** True when no linked batch of the feed comes after this one, so that nothing later overrules it. */
export async function isNewest(tx: Transaction, batchId: number): Promise<boolean> {
  const [row] = await tx<{ newest: boolean }[]>`
    select not exists (select 1 from placed o where o.feed_id = b.feed_id and o.place > b.place) as newest
    from placed b where b.batch_id = ${batchId}`;
  return row?.newest ?? false;
}

/** True when this is the first batch of its feed that speaks about the kind. */
export async function isFirstOfKind(tx: Transaction, batchId: number, kind: string) {
  const [row] = await tx<{ first: boolean }[]>`
    select not exists (
      select 1 from placed o where o.feed_id = b.feed_id and o.batch_id <> b.batch_id
        and ${kind} = any(o.kinds)) as first
    from placed b where b.batch_id = ${batchId}`;
  return row?.first ?? false;
}

const hasNoDoubles = (batch: string) => `not exists (
  select 1 from hub.batch_page d where d.batch_id = ${batch} and d.superseded is not null)`;

/**
 * The batch of the feed before this one that speaks about the same kinds, provided it has the same
 * sheets and nothing comes after: what it stated then counts until this one. Not where rows of either
 * replace others of the same batch, for then a page alone does not say what its batch states; nor where
 * it has forms that could not be read, whose rows stand in the pages of batches before it.
 */
export async function precedingBatch(tx: Transaction, batchId: number) {
  const [row] = await tx.unsafe<{ batchId: number; mode: 'full' | 'delta'; kinds: string[] }[]>(
    `select p.batch_id::float8 as "batchId", p.mode, p.kinds
     from placed t join placed p on p.feed_id = t.feed_id and p.place < t.place
     where t.batch_id = $1 and p.sheets <@ t.sheets and p.sheets @> t.sheets
       and ${hasNoDoubles('t.batch_id')} and ${hasNoDoubles('p.batch_id')}
       and not exists (select 1 from hub.unread_record u join hub.record_page g using (page_id)
         join hub.batch_page o using (page_id)
         where o.batch_id = p.batch_id and g.restates is not null)
       and p.place = (select max(o.place) from placed o
         where o.feed_id = t.feed_id and o.place < t.place and o.kinds && t.kinds)`,
    [batchId],
  );
  return row;
}
