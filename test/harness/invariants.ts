/** What must hold after every fault: nothing lost or twice, no cursor ahead, a graph that is pure. */
import { expect } from 'vitest';
import { rebuildGraph, type SyncContext } from '../../src/pipeline/index.ts';
import { REBUILD_SEARCH } from '../../src/pipeline/link/search.ts';
import type { Sql } from '../../src/platform/database.ts';
import { graphDigests } from './digests.ts';

/** Landed rows = recorded + quarantined + superseded, by count and by looking at every row. */
async function conservation(sql: Sql): Promise<void> {
  const wrong = await sql`
    select b.batch_id from hub.batch b
    where b.state in ('normalised', 'resolved', 'linked') and (
      b.rows_landed <> b.rows_recorded + b.rows_quarantined + b.rows_superseded
      or b.rows_landed <> (select coalesce(sum(l.row_count), 0) from hub.landed_page l where l.batch_id = b.batch_id)
      or b.rows_quarantined <> (select count(*) from hub.quarantine q where q.batch_id = b.batch_id)
      or b.rows_recorded <> (select count(distinct r.ordinal) from hub.stated r
        where r.batch_id = b.batch_id and not exists (select 1 from hub.quarantine q
          where q.batch_id = r.batch_id and q.ordinal = r.ordinal)))`;
  expect([...wrong], 'conservation').toEqual([]);
  const orphans = await sql`
    select batch_id from hub.landed_page where batch_id not in (select batch_id from hub.batch)
    union select batch_id from hub.batch_page where batch_id not in
      (select batch_id from hub.batch where state <> 'refused')`;
  expect([...orphans], 'rows without a batch').toEqual([]);
}

/** What was landed is counted by the runs that landed it, each row once, however often they were killed. */
async function counting(sql: Sql): Promise<void> {
  const wrong = await sql`
    select feed_id, b.rows, r.rows as counted from
      (select feed_id, count(*) as batches, sum(rows_landed) as rows from hub.batch group by 1) b
    full join
      (select feed_id, sum(batches) as batches, sum(rows_landed) as rows from hub.sync_run group by 1) r
      using (feed_id)
    where (coalesce(b.batches, 0), coalesce(b.rows, 0)) <> (coalesce(r.batches, 0), coalesce(r.rows, 0))`;
  expect([...wrong], 'counts of the runs').toEqual([]);
}

/** A feed's data date is that of its newest linked batch, and no work is left half done. */
async function cursor(sql: Sql): Promise<void> {
  const ahead = await sql`
    select f.feed_id from hub.feed f where f.data_as_of is distinct from
      (select max(b.as_of) from hub.batch b where b.feed_id = f.feed_id and b.state = 'linked')`;
  expect([...ahead], 'cursor').toEqual([]);
  const staging = await sql`
    select relname from pg_class where relnamespace = 'staging'::regnamespace`;
  expect([...staging], 'staging tables left behind').toEqual([]);
}

/** What officials are found and counted by says what counting them all says. */
async function search(sql: Sql): Promise<void> {
  const held = () => sql`
    select kind, key, name, managed_by, n, null as person_id from hub.cadre_count where n <> 0
    union all select '', piece, name, managed_by, 1, person_id from hub.cadre_name
    order by 1, 2, 3, 4, 6`;
  const kept = await held();
  await sql.begin(async (tx) => {
    await tx.unsafe(REBUILD_SEARCH);
  });
  expect([...(await held())], 'search').toEqual([...kept]);
}

/** Rebuilding the graph from the record log gives what the tables hold. */
async function purity(ctx: SyncContext): Promise<void> {
  const before = await graphDigests(ctx.sql);
  await rebuildGraph(ctx);
  expect(await graphDigests(ctx.sql), 'purity').toEqual(before);
}

/** Checks every invariant of the pipeline; call when no sync is under way. */
export async function checkInvariants(ctx: SyncContext): Promise<void> {
  await conservation(ctx.sql);
  await counting(ctx.sql);
  await cursor(ctx.sql);
  await search(ctx.sql);
  await purity(ctx);
}
