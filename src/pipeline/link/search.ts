/**
 * Keeps what officials are found and counted by in step with `person`: the pieces of their names, and
 * how many there are for each set of authorities, in all, by unit and by piece of the name. Population
 * is written by one transaction at a time, so a count is a number that is added to.
 */
import { LONGEST_COUNTED, LONGEST_PIECE } from '../../../schema/person/person-search.table.ts';

const pieces = (p: string) => `(
  select distinct substr(${p}.name, a.start, l.length) as piece
  from generate_series(1, char_length(${p}.name)) a(start), generate_series(1, ${LONGEST_PIECE}) l(length)
  where a.start + l.length <= char_length(${p}.name) + 1)`;

const rowsOf = (persons: string) => `
  select p.person_id, x.piece, p.name, p.managed_by
  from ${persons} p cross join lateral ${pieces('p')} x where p.is_official`;

/** What each official among `persons` adds to the counts. */
const shares = (persons: string, n: 1 | -1) => `
  select k.kind, k.key, k.name, p.managed_by, ${n} as n
  from ${persons} p cross join lateral (
    select 'all' as kind, '' as key, '' as name
    union all select 'unit', p.unit_code, coalesce(p.unit_name, '') where p.unit_code is not null
    union all select 'piece', x.piece, '' from ${pieces('p')} x where char_length(x.piece) <= ${LONGEST_COUNTED}
  ) k where p.is_official`;

const addToCounts = (changes: string) => `
  insert into hub.cadre_count as c (kind, key, name, managed_by, n)
    select kind, key, name, managed_by, sum(n) from (${changes}) d
    group by kind, key, name, managed_by having sum(n) <> 0
    on conflict (kind, key, name, managed_by) do update set n = c.n + excluded.n`;

/** Runs before `person` is written from `derived`, while it still holds what was. */
export const FOLLOW_PERSONS = `
  create temp table sought on commit drop as
    select person_id from entrant union
    select d.person_id from derived d join hub.person p using (person_id)
    where (d.name, d.is_official, d.unit_code, d.unit_name, d.managed_by)
      is distinct from (p.name, p.is_official, p.unit_code, p.unit_name, p.managed_by);
  analyze pg_temp.sought;
  ${addToCounts(`
    ${shares('(select p.* from hub.person p join sought using (person_id))', -1)}
    union all ${shares('(select d.* from derived d join sought using (person_id))', 1)}`)};
  delete from hub.cadre_name n using sought s where n.person_id = s.person_id;
  insert into hub.cadre_name (person_id, piece, name, managed_by)
    ${rowsOf('(select d.* from derived d join sought using (person_id))')}`;

/** What the two tables must hold for the persons there are; empties them first. */
export const REBUILD_SEARCH = `
  delete from hub.cadre_count;
  delete from hub.cadre_name;
  ${addToCounts(shares('hub.person', 1))};
  insert into hub.cadre_name (person_id, piece, name, managed_by) ${rowsOf('hub.person')}`;
