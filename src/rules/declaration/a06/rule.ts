/**
 * A private trip the border recorded and the declaration does not name. Only complete pairs count: a
 * half-record is a gap of the data, never a trip of unknown length.
 */
import { pairing } from '../../../../schema/trip/pairing.ts';
import { DOCUMENT_KINDS } from '../../../../schema/trip/trip.codes.ts';
import { defineRule, type Snapshot } from '../../kit/define-rule.ts';
import { reportEvidence, reportYear, withoutReport } from '../../kit/report-year.ts';
import { coded, count, day, fact, factList, joined, numberedFact, same } from '../../kit/words.ts';

/** Trips that left in the report year; crossings around it, so that pairs at its edges stay whole. */
const trips = (s: Snapshot) =>
  s.shared(
    'pair',
    `with ${reportYear(s)}, crossed as not materialized (
      select c.* from report r join ${s.at('crossing')} c on c.person_id = r.person_id
      where c.crossed_at >= r.first_day - 92 and c.crossed_at < r.last_day + 366)
    select p.person_id, p.id, p.left_on, p.returned_on, p.region, p.document_kind, p.is_complete,
      p.exit_crossing_id, p.entry_crossing_id
    from (${pairing('crossed')}) p where p.is_private`,
  );

const isNear = `(t.region in ('HKG', 'MAC', 'TWN')
  or t.region is null and t.document_kind in ('hk-macau-permit', 'taiwan-permit'))`;

const tripWords = joined(
  day('t.left_on'),
  ' — ',
  day('t.returned_on'),
  '，',
  same(`t.region`),
  '，',
  coded('t.document_kind', DOCUMENT_KINDS),
);

export default defineRule({
  findings: (s) => `
    with ${reportYear(s)}, ${trips(s)},
    missing as (
      select p.*, ${isNear.replaceAll('t.', 'p.')} as is_near,
        row_number() over (partition by p.person_id order by p.left_on, p.id) as n
      from report r join pair p on p.person_id = r.person_id
      where p.is_complete and p.left_on between r.first_day and r.last_day
        and not exists (
          select 1 from ${s.at('declared_trip')} d where d.person_id = p.person_id
            and d.left_on - ${s.param('toleranceDays')} <= p.returned_on
            and coalesce(d.returned_on, d.left_on) + ${s.param('toleranceDays')} >= p.left_on))
    select r.person_id, '' as unit_code, r.year::text as period,
      case when bool_and(t.is_near) then 'yellow' else 'red' end as severity,
      ${factList([
        fact('reportYear', { zh: '报告年度', en: 'Report year' }, same('r.year::text')),
        fact(
          'missingTrips',
          { zh: '报告中未找到的出行', en: 'Trips not found in the declaration' },
          count('count(*)', '次', 'private trip(s)'),
        ),
        fact(
          'abroad',
          { zh: '其中出国', en: 'Of these abroad' },
          count('count(*) filter (where not t.is_near)', '次', 'trip(s)'),
        ),
      ])} || jsonb_agg(${numberedFact(`'trip' || t.n`, { zh: `'出行' || t.n`, en: `'Trip ' || t.n` }, tripWords)} order by t.n) as facts,
      jsonb_agg(${s.evidence('x', {
        label: { zh: '出境记录', en: 'Exit record' },
        valueZh: tripWords.zh,
        valueEn: tripWords.en,
      })} order by t.n)
      || jsonb_agg(${s.evidence('e', {
        label: { zh: '入境记录', en: 'Entry record' },
        valueZh: tripWords.zh,
        valueEn: tripWords.en,
      })} order by t.n)
      || jsonb_build_array(${reportEvidence(s)}) as evidence
    from missing t join report r on r.person_id = t.person_id
    join ${s.at('crossing')} x on x.person_id = t.person_id and x.id = t.exit_crossing_id
    join ${s.at('crossing')} e on e.person_id = t.person_id and e.id = t.entry_crossing_id
    group by r.person_id, r.year, r.signed_on, r.feed_id, r.batch_id, r.ordinal, r.known_from`,
  gaps: (s) => `
    with ${reportYear(s)}, ${trips(s)}
    select p.person_id, r.year::text as period,
      '有' || count(*) || '条出入境记录不成对，无法判断该次出行' as reason_zh,
      count(*) || ' border record(s) have no other half, so the trip cannot be judged' as reason_en
    from report r join pair p on p.person_id = r.person_id
    where not p.is_complete and coalesce(p.left_on, p.returned_on) between r.first_day and r.last_day
    group by p.person_id, r.year
    union all ${withoutReport(s)}`,
});
