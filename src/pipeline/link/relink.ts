/**
 * Rebuilds the chains of versions behind the touched keys of one kind and makes the fact table
 * agree with them, writing only what differs. A chain follows the order of batches: a fact holds from
 * its batch's date until the next statement about it, or until a full batch no longer has it. Equal
 * neighbours are one fact with the provenance of the first.
 */

import type { FactTable } from '../../../schema/fact-tables.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { Transaction } from '../../platform/database.ts';
import {
  bodyColumns,
  bodyValues,
  frameColumns,
  frameJoins,
  frameValues,
  gate,
  isManaged,
  type Layouts,
} from './fact-sql.ts';
import { noted } from './population.ts';

const statements = (kind: string) => `
  create temp table statement on commit drop as
    select r.record_key, r.person_id as subject_id, r.batch_id, r.ordinal, r.page_id, r.slot, r.digest,
      r.mention_name
    from (select distinct record_key from touched where kind = '${kind}') t
    join hub.stated r on r.record_key = t.record_key
    where r.batch_id in (select batch_id from placed);
  analyze pg_temp.statement`;

/** Date of the first later full batch of the feed about this kind: it may no longer have the key. */
const nextFull = (kind: string) => `
  (select f.as_of from placed f where f.feed_id = b.feed_id and f.mode = 'full'
     and '${kind}' = any(f.kinds) and f.place > b.place order by f.place limit 1)`;

/**
 * Statements of a key, each with the time it holds; those that say the same without a gap between become
 * one, with the provenance of the first. Done before those are left out that held for no day, so that
 * what is sent again on its date keeps its row; and after, so that what was put back on its date never left.
 */
const joined = (spans: string, order: string) => `
  select record_key, subject_id, digest, feed_id, min(as_of) as as_of, max(told_to) as told_to,
    min(place) as place, ${['batch_id', 'ordinal', 'page_id', 'slot', 'mention_name']
      .map((column) => `(array_agg(${column} order by ${order}))[1] as ${column}`)
      .join(', ')}
  from (
    select *, sum(begins) over (partition by record_key order by ${order}) as episode from (
      select *, case when lag(digest) over w = digest and lag(subject_id) over w = subject_id
        and lag(told_to) over w = as_of then 0 else 1 end as begins
      from ${spans} s window w as (partition by record_key order by ${order})) b) n
  group by record_key, episode, subject_id, digest, feed_id`;

const versions = (table: FactTable, hasFull: boolean) => `
  create temp table version on commit drop as
  with told as (
    select s.*, b.feed_id, b.as_of, b.place,
      least(
        coalesce(lead(b.as_of) over w, 'infinity'),
        coalesce(${hasFull ? nextFull(table.kind) : 'null::date'}, 'infinity')) as told_to
    from statement s join placed b on b.batch_id = s.batch_id
    window w as (partition by s.record_key order by b.place, s.ordinal, s.slot)
  ), run as (${joined('told', 'place, ordinal, slot')}
  ), version as (${joined('(select * from run where told_to > as_of)', 'place')})
  select record_key, subject_id, digest, feed_id, as_of as known_from, told_to as known_to,
    batch_id, ordinal, page_id, slot, mention_name as registered_name
  from version v where ${gate(table, 'v.subject_id')};
  create index on pg_temp.version (record_key);
  analyze pg_temp.version`;

const same = ({ subjectColumn }: FactTable) =>
  `v.record_key = f.id and v.known_from = f.known_from and v.subject_id = f.${subjectColumn}`;

// Without the index on `version` the planner, which takes six equal columns for a rare coincidence,
// compares every fact with every version.
/** Facts that no version stands behind any more, or that ended or moved to another row. */
const removeStale = (table: FactTable) => `
  delete from hub.${table.kind} f using (
    select distinct record_key, subject_id from statement
    union select m.record_key, m.person_id from touched t
    join hub.moved_record m on m.kind = t.kind and m.record_key = t.record_key
    where t.kind = '${table.kind}'
  ) h
  where f.id = h.record_key and f.${table.subjectColumn} = h.subject_id
    and not exists (select 1 from version v where ${same(table)}
      and v.known_to = f.known_to and v.digest = f.digest
      and v.batch_id = f.batch_id and v.ordinal = f.ordinal)`;

/** In which orders of fields some pages keep bodies of a kind. */
async function layoutsOf(tx: Transaction, { kind }: FactTable, pages: string): Promise<Layouts> {
  const rows = await tx.unsafe<{ fields: string[] }[]>(`
    select distinct g.fields->'${kind}' as fields from hub.record_page g
    where g.page_id in (select page_id from ${pages}) and g.fields ? '${kind}'`);
  return rows.map(({ fields }) => fields);
}

/** What the records in slots of some pages say: `pages` has a page_id, `r` then page_id, slot, fields, body. */
const bodiesOf = (pages: string) => `
  (select g.page_id, (e.n - 1)::int as slot, g.fields, e.body
   from (select distinct page_id from ${pages}) w
   join hub.record_page g on g.page_id = w.page_id
   cross join lateral jsonb_array_elements(g.bodies) with ordinality e (body, n)) r`;

const missing = (table: FactTable) => `
  create temp table missing on commit drop as
    select v.* from version v
    where not exists (select 1 from hub.${table.kind} f where ${same(table)});
  analyze pg_temp.missing`;

const insertMissing = (table: FactTable, layouts: Layouts) => `
  insert into hub.${table.kind} (${frameColumns(table)}, ${bodyColumns(table)})
  select ${frameValues(table, 'v.subject_id', 'v.registered_name')}, v.record_key, v.known_from, v.known_to, v.feed_id,
    v.batch_id, v.ordinal, v.digest, ${bodyValues(table, layouts)}
  from missing v
  join ${bodiesOf('missing')} on r.page_id = v.page_id and r.slot = v.slot
  ${frameJoins(table, 'v.subject_id', 'v.registered_name')}`;

/** Brings one fact table up to date with the touched keys of its kind; there must be some. */
export async function relink(tx: Transaction, table: FactTable): Promise<void> {
  const { kind } = table;
  const [full] = await tx<{ any: boolean }[]>`
    select exists (select 1 from placed where mode = 'full' and ${kind} = any(kinds)) as any`;
  await tx.unsafe('analyze pg_temp.touched');
  await tx.unsafe(statements(kind));
  await tx.unsafe(versions(table, full?.any ?? false));
  await tx.unsafe(noted(table, removeStale(table), 'f'));
  failpoint('link.after-remove');
  await tx.unsafe(missing(table));
  const layouts = await layoutsOf(tx, table, 'missing');
  await tx.unsafe(noted(table, insertMissing(table, layouts), kind));
  failpoint('link.after-insert');
  await tx.unsafe('drop table statement, version, missing');
}

/**
 * The first batch that speaks about a kind has no chains to rebuild: its records are the facts. The
 * statistics do not know the batch yet; its list of pages, copied and counted, tells the planner that
 * this is a job in bulk.
 */
export async function linkFirst(tx: Transaction, table: FactTable, batchId: number): Promise<void> {
  const { kind } = table;
  const told = (column: string) => `(select ${column} from placed where batch_id = ${batchId})`;
  await tx.unsafe(`create temp table own_page on commit drop as
    select first_ordinal, page_id, superseded from hub.batch_page where batch_id = ${batchId};
    analyze pg_temp.own_page`);
  const layouts = await layoutsOf(tx, table, 'own_page');
  const insert = `
  insert into hub.${kind} (${frameColumns(table)}, ${bodyColumns(table)})
  select ${frameValues(table, 's.person_id', 's.mention_name')}, s.record_key, ${told('as_of')}, 'infinity', ${told('feed_id')},
    ${batchId}, o.first_ordinal + s."row", s.digest, ${bodyValues(table, layouts)}
  from own_page o
  join hub.record s on s.page_id = o.page_id and (o.superseded is null or s.slot <> all (o.superseded))
  join ${bodiesOf('own_page')} on r.page_id = o.page_id and r.slot = s.slot
  ${frameJoins(table, 's.person_id', 's.mention_name')}
  where s.kind = '${kind}' and ${isManaged(table) ? 'true' : gate(table, 's.person_id')}
  order by s.person_id, s.record_key`;
  await tx.unsafe(noted(table, insert, kind));
  await tx.unsafe('drop table pg_temp.own_page');
  failpoint('link.after-first');
}
