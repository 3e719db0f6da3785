/**
 * Makes a fact table agree with the versions of its touched keys (versions.ts), writing only what differs.
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
import { makeVersions } from './versions.ts';

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
  await makeVersions(tx, table);
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
  // Two rows may name one relative; the later says what holds.
  const nested = await tx`select 1 from own_page join hub.record_page g using (page_id)
    where g.restates is not null limit 1`;
  const isNested = nested.length > 0;
  const layouts = await layoutsOf(tx, table, 'own_page');
  const insert = `
  insert into hub.${kind} (${frameColumns(table)}, ${bodyColumns(table)})
  select ${isNested ? 'distinct on (s.person_id, s.record_key)' : ''}
    ${frameValues(table, 's.person_id', 's.mention_name')}, s.record_key, ${told('as_of')}, 'infinity', ${told('feed_id')},
    ${batchId}, o.first_ordinal + s."row", s.digest, ${bodyValues(table, layouts)}
  from own_page o
  join hub.record s on s.page_id = o.page_id and (o.superseded is null or s.slot <> all (o.superseded))
  join ${bodiesOf('own_page')} on r.page_id = o.page_id and r.slot = s.slot
  ${frameJoins(table, 's.person_id', 's.mention_name')}
  where s.kind = '${kind}' and ${isManaged(table) ? 'true' : gate(table, 's.person_id')}
  order by s.person_id, s.record_key${isNested ? `, o.first_ordinal + s."row" desc, s.slot desc` : ''}`;
  await tx.unsafe(noted(table, insert, kind));
  await tx.unsafe('drop table pg_temp.own_page');
  failpoint('link.after-first');
}
