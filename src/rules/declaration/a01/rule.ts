/**
 * A whole home in the register that the annual declaration does not seem to name. Silent when any
 * declared row matches by unit number, certificate number, or address and area; a declared row that
 * already stands for one home cannot stand for its neighbour too.
 */
import { OBTAINED_BY } from '../../../../schema/property/property.codes.ts';
import { defineRule, type Snapshot } from '../../kit/define-rule.ts';
import { foldedAddress, foldedNumber, pairSimilarity } from '../../kit/fold.ts';
import { reportEvidence, reportYear, withoutReport } from '../../kit/report-year.ts';
import {
  coded,
  count,
  day,
  fact,
  factList,
  joined,
  numberedFact,
  RELATIONS,
  same,
} from '../../kit/words.ts';

const homes = (s: Snapshot) => `
  home as (
    select distinct on (r.person_id, ${foldedNumber('p.unit_no')})
      r.year, p.member_name as owner_name, p.*,
      ${foldedNumber('p.unit_no')} as unit_key, ${foldedNumber('p.certificate_no')} as certificate_key
    from report r
    join ${s.ofHousehold('property')} p on p.official_id = r.person_id
      and p.member_from <= r.last_day and p.member_to > r.last_day
    where p.use = 'residential' and p.registered_on <= r.last_day
      and (p.cancelled_on is null or p.cancelled_on > r.last_day)
    order by r.person_id, ${foldedNumber('p.unit_no')}, p.relation = 'self' desc, p.person_id, p.id)`;

const comparison = (s: Snapshot) => `
  declared as (
    select d.person_id as official_id, d.id, ${foldedNumber('d.unit_no')} as unit_key,
      ${foldedNumber('d.certificate_no')} as certificate_key, d.address, d.area_m2
    from report r join ${s.at('declared_property')} d on d.person_id = r.person_id and d.year = r.year),
  exact as (
    select h.official_id, h.unit_key, d.id from home h join declared d using (official_id)
    where h.unit_key = d.unit_key or h.certificate_key = d.certificate_key),
  unmatched as (
    select h.* from home h
    where not exists (select 1 from exact e where e.official_id = h.official_id and e.unit_key = h.unit_key)),
  free as (
    select d.* from declared d
    where not exists (select 1 from exact e where e.official_id = d.official_id and e.id = d.id)),
  addressed as (
    select u.official_id, u.unit_key, u.area_m2, d.area_m2 as declared_m2,
      ${foldedAddress('u.address')} as a, ${foldedAddress('d.address')} as b
    from unmatched u join free d using (official_id)),
  alike as (
    select official_id, unit_key from addressed
    where case when declared_m2 is null
            or abs(declared_m2 - area_m2) > area_m2 * ${s.param('areaPercent')} / 100.0 then false
          else a = b or ${pairSimilarity('a', 'b')} >= ${s.param('addressSimilarity')} end),
  missing as (
    select u.*, row_number() over (partition by u.official_id order by u.registered_on, u.unit_key collate "C") as n
    from unmatched u
    where not exists (select 1 from alike x where x.official_id = u.official_id and x.unit_key = u.unit_key))`;

const homeWords = joined(
  same('m.address'),
  '，',
  same(`to_char(m.area_m2, 'FM999990.00')`),
  ' m²，',
  coded('m.relation', RELATIONS),
  ' ',
  same('m.owner_name'),
  '，',
  day('m.registered_on'),
  ' ',
  coded('m.obtained_by', OBTAINED_BY),
);

export default defineRule({
  findings: (s) => `
    with ${reportYear(s)}, ${homes(s)}, ${comparison(s)},
    held as (select official_id, count(*) as homes from home group by 1),
    stated as (select official_id, count(*) as rows from declared group by 1)
    select r.person_id, '' as unit_code, r.year::text as period, 'red' as severity,
      ${factList([
        fact('reportYear', { zh: '报告年度', en: 'Report year' }, same('r.year::text')),
        fact(
          'missingHomes',
          { zh: '报告中未找到的住宅', en: 'Homes not found in the declaration' },
          count('count(*)', '套', 'home(s)'),
        ),
        fact(
          'registeredHomes',
          { zh: '登记在家庭名下的住宅', en: 'Homes registered to the household' },
          count('max(held.homes)', '套', 'home(s)'),
        ),
        fact(
          'declaredRows',
          { zh: '报告的房产行数', en: 'Declared real-estate rows' },
          count('coalesce(max(stated.rows), 0)', '行', 'row(s)'),
        ),
      ])} || jsonb_agg(${numberedFact(`'home' || m.n`, { zh: `'住宅' || m.n`, en: `'Home ' || m.n` }, homeWords)} order by m.n) as facts,
      jsonb_agg(${s.evidence('m', {
        label: { zh: '不动产登记', en: 'Real-estate register' },
        valueZh: homeWords.zh,
        valueEn: homeWords.en,
      })} order by m.n) || jsonb_build_array(${reportEvidence(s)}) as evidence
    from missing m
    join report r on r.person_id = m.official_id
    join held on held.official_id = m.official_id
    left join stated on stated.official_id = m.official_id
    group by r.person_id, r.year, r.signed_on, r.feed_id, r.batch_id, r.ordinal, r.known_from`,
  gaps: withoutReport,
});
