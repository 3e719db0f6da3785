/**
 * Rebuilds the chains of versions behind the touched keys of one kind, in the order of batches. A
 * statement holds from its batch's date until the next one about its key, or until whoever made it no
 * longer has it: a full delivery of its sheet, or the next version of the record that states it whole.
 * Equal neighbours are one fact with the provenance of the first.
 */
import type { FactTable } from '../../../schema/fact-tables.ts';
import type { Transaction } from '../../platform/database.ts';
import { gate } from './fact-sql.ts';

const statements = (kind: string) => `
  create temp table statement on commit drop as
    select r.record_key, r.person_id as subject_id, r.batch_id, r.first_ordinal, r.ordinal, r.page_id,
      r.slot, r.digest, r.mention_name, g.sheet, g.restates
    from (select distinct record_key from touched where kind = '${kind}') t
    join hub.stated r on r.record_key = t.record_key
    join hub.record_page g on g.page_id = r.page_id
    where r.batch_id in (select batch_id from placed);
  analyze pg_temp.statement`;

/** What full deliveries have, though it cannot be read: rows by these keys. */
const UNREAD = `
  create temp table unread on commit drop as
    select distinct u.record_key, p.batch_id
    from (select distinct record_key from statement) s
    join hub.unread_record u on u.record_key = s.record_key
    join hub.batch_page p on p.page_id = u.page_id join placed b on b.batch_id = p.batch_id
    where b.mode = 'full';
  analyze pg_temp.unread`;

/** The same by the keys of the forms that statements stand in. */
const UNREAD_OWNERS = `
  insert into unread select distinct u.record_key, p.batch_id
    from (select distinct owner_key from owned where owner_key is not null) s
    join hub.unread_record u on u.record_key = s.owner_key
    join hub.batch_page p on p.page_id = u.page_id join placed b on b.batch_id = p.batch_id
    where b.mode = 'full';
  analyze pg_temp.unread`;

/** None; any, none of them with a row that cannot be read; or some with such rows. */
type Full = 'none' | 'read' | 'unread';

/** Of the first later full delivery of the statement's sheet: it may no longer have the key. */
const nextFull = (
  column: string,
  { sheet, keys, full }: { sheet: string; keys: string; full: Full },
) => `
  (select f.${column} from placed f where f.feed_id = b.feed_id and f.mode = 'full'
     and ${sheet} = any(f.sheets) and f.place > b.place
     ${full === 'unread' ? `and not exists (select 1 from unread u where u.batch_id = f.batch_id and u.record_key in (${keys}))` : ''}
     order by f.place limit 1)`;

const PROVENANCE = ['batch_id', 'ordinal', 'page_id', 'slot', 'mention_name'];

const first = (columns: readonly string[], order: string) =>
  columns.map((column) => `(array_agg(${column} order by ${order}))[1] as ${column}`).join(', ');

/**
 * Statements of a key, each with the time it holds; those that say the same without a gap between become
 * one, with the provenance of the first. Done before those are left out that held for no day, so that
 * what is sent again on its date keeps its row; and after, so that what was put back on its date never left.
 */
const joined = (spans: string, order: string) => `
  select record_key, subject_id, digest, feed_id, min(as_of) as as_of, max(told_to) as told_to,
    min(place) as place, ${first(PROVENANCE, order)}
  from (
    select *, sum(begins) over (partition by record_key order by ${order}) as episode from (
      select *, case when lag(digest) over w = digest and lag(subject_id) over w = subject_id
        and lag(told_to) over w = as_of then 0 else 1 end as begins
      from ${spans} s window w as (partition by record_key order by ${order})) b) n
  group by record_key, episode, subject_id, digest, feed_id`;

/** `told` is a CTE: one statement after the other, each with its dates. */
const versions = (table: FactTable, told: string) => `
  create temp table version on commit drop as
  with ${told}, run as (${joined('told', 'place, ordinal, slot')}
  ), version as (${joined('(select * from run where told_to > as_of)', 'place')})
  select record_key, subject_id, digest, feed_id, as_of as known_from, told_to as known_to,
    batch_id, ordinal, page_id, slot, mention_name as registered_name
  from version v where ${gate(table, 'v.subject_id')};
  create index on pg_temp.version (record_key);
  analyze pg_temp.version`;

/** Where all statements of a key come from one place, the next one ends the one before. */
const inTurn = (full: Full) => `
  told as (
    select s.*, b.feed_id, b.as_of, b.place,
      least(
        coalesce(lead(b.as_of) over w, 'infinity'),
        coalesce(${full === 'none' ? 'null::date' : nextFull('as_of', { sheet: 's.sheet', keys: 's.record_key', full })}, 'infinity')) as told_to
    from statement s join placed b on b.batch_id = s.batch_id
    window w as (partition by s.record_key order by b.place, s.ordinal, s.slot))`;

/** Statements with the record that states them whole, and where that record was stated. */
const OWNED = `
  create temp table owned on commit drop as
    select s.*, o.record_key as owner_key, coalesce(o.record_key::text, s.sheet) as source
    from statement s left join hub.record o on o.page_id = s.page_id
      and o."row" = s.ordinal - s.first_ordinal and o.kind = s.restates;
  analyze pg_temp.owned;
  create temp table restated on commit drop as
    select distinct r.record_key as owner_key, b.place
    from (select distinct owner_key from owned where owner_key is not null) w
    join hub.stated r on r.record_key = w.owner_key join placed b on b.batch_id = r.batch_id;
  create index on pg_temp.restated (owner_key);
  analyze pg_temp.restated`;

const NEVER = 9_223_372_036_854_775_807n;

/**
 * Where several sources state a key (declarations of two years, two sheets), each is followed by itself:
 * what it repeats is no news, and what it no longer says leaves what the others say. Of those that hold
 * at a time the one that came last counts. Time is counted in places of batches, and told in their dates.
 */
const beside = (full: Full) => `
  span as (
    select o.*, b.feed_id, b.place, coalesce(least(lead(b.place) over w,
      (select min(r.place) from restated r where r.owner_key = o.owner_key and r.place > b.place)
      ${full === 'none' ? '' : `, ${nextFull('place', { sheet: 'o.sheet', keys: 'o.record_key, o.owner_key', full })}`}), ${NEVER}) as end_place
    from owned o join placed b on b.batch_id = o.batch_id
    window w as (partition by o.record_key, o.source order by b.place)
  ), held as (
    select record_key, subject_id, digest, feed_id, min(place) as place, max(end_place) as end_place,
      ${first(PROVENANCE, 'place')}
    from (
      select *, sum(begins) over (partition by record_key, source order by place) as episode from (
        select *, case when lag(digest) over w = digest and lag(subject_id) over w = subject_id
          and lag(end_place) over w = place then 0 else 1 end as begins
        from span window w as (partition by record_key, source order by place)) b) n
    group by record_key, source, episode, subject_id, digest, feed_id
  ), piece as (
    select record_key, place, coalesce(lead(place) over (partition by record_key order by place), ${NEVER}) as end_place
    from (select record_key, place from held union select record_key, end_place from held) cut
    where place < ${NEVER}
  ), told as (
    select distinct on (p.record_key, p.place) h.record_key, h.subject_id, h.digest, h.feed_id,
      ${PROVENANCE.map((column) => `h.${column}`).join(', ')}, p.place,
      b.as_of, coalesce(e.as_of, 'infinity') as told_to
    from piece p join held h on h.record_key = p.record_key and h.place <= p.place
      and h.end_place > p.place
    join placed b on b.place = p.place left join placed e on e.place = p.end_place
    order by p.record_key, p.place, h.place desc, h.ordinal desc, h.slot desc)`;

/** Whether some key is stated in more than one way, or by records that are restated whole. */
const IS_BESIDE = (kind: string) => `
  select exists (select 1 from statement where restates <> '${kind}')
    or exists (select 1 from statement having count(distinct sheet) > 1)
      and exists (select 1 from statement group by record_key having count(distinct sheet) > 1) as beside`;

/** Fills the temporary tables `statement` and `version` for the touched keys of a kind. */
export async function makeVersions(tx: Transaction, table: FactTable): Promise<void> {
  const { kind } = table;
  const [full] = await tx<{ hasFull: boolean }[]>`
    select exists (select 1 from placed where mode = 'full' and ${kind} = any(kinds)) as "hasFull"`;
  await tx.unsafe('analyze pg_temp.touched');
  await tx.unsafe(statements(kind));
  await tx.unsafe(UNREAD);
  const hasUnread = async () => (await tx`select 1 from unread limit 1`).length > 0;
  const fullNow = async (): Promise<Full> => {
    if (!full?.hasFull) return 'none';
    return (await hasUnread()) ? 'unread' : 'read';
  };
  const [found] = await tx.unsafe<{ beside: boolean }[]>(IS_BESIDE(kind));
  if (!found?.beside) {
    await tx.unsafe(versions(table, inTurn(await fullNow())));
    await tx.unsafe('drop table unread');
    return;
  }
  await tx.unsafe(OWNED);
  await tx.unsafe(UNREAD_OWNERS);
  await tx.unsafe(versions(table, beside(await fullNow())));
  await tx.unsafe('drop table owned, restated, unread');
}
