/**
 * A private trip the border recorded and the declaration does not name. Only complete pairs count: a
 * half-record is a gap of the data, never a trip of unknown length.
 */
import { pairing } from '../../../../schema/trip/pairing.ts';
import { defineRule, type Snapshot } from '../../kit/define-rule.ts';
import { reportEvidence, reportYear, withoutReport } from '../../kit/report-year.ts';
import {
  coded,
  count,
  DOCUMENTS,
  day,
  fact,
  factList,
  joined,
  numberedFact,
  same,
} from '../../kit/words.ts';

/** Trips that left in the report year; crossings around it, so that pairs at its edges stay whole. */
const trips = (s: Snapshot) => `
  crossed as (
    select c.* from report r join ${s.at('crossing')} c on c.person_id = r.person_id
    where c.crossed_at >= r.first_day - 92 and c.crossed_at < r.last_day + 366),
  pair as (select * from (${pairing('crossed')}) p where p.is_private)`;

const isNear = `(t.region in ('HKG', 'MAC', 'TWN')
  or t.region is null and t.document_kind in ('hk-macau-permit', 'taiwan-permit'))`;

const tripWords = joined(
  day('t.left_on'),
  ' — ',
  day('t.returned_on'),
  '，',
  same(`t.region`),
  '，',
  coded('t.document_kind', DOCUMENTS),
);

export default defineRule({
  id: 'A06',
  version: 1,
  family: 'declaration',
  title: {
    zh: '因私出国（境）未见于年度报告',
    en: 'Private trip not found in the annual declaration',
  },
  question: {
    zh: '{reportYear}年出入境记录中有{missingTrips}因私出行，在报告中没有找到。请先查阅出国（境）审批档案，再听取本人说明。',
    en: 'The border records of {reportYear} show {missingTrips} that the declaration does not name. Look at the approval file first, then hear the person.',
  },
  condition: {
    zh: '报告年度内持因私证件的一出一入，与报告的任何一次出行（前后放宽{toleranceDays}天）都不重叠。去往港澳台为黄色，其他为红色。出入境记录不成对的不判断。',
    en: 'An exit–entry pair on a private document in the report year that overlaps no declared trip widened by {toleranceDays} days. Yellow to Hong Kong, Macau and Taiwan, red elsewhere. Half-records are not judged.',
  },
  legalBasis: [
    {
      zh: '《领导干部报告个人有关事项规定》第三条第（二）、（三）项（因私出国、出境）',
      en: 'Provisions on reporting personal matters, art. 3(2) and (3) (private trips)',
    },
    {
      zh: '《领导干部个人有关事项报告查核结果处理办法》第三条第（一）项、第四条第（二）项',
      en: 'Measures on handling verification results, art. 3(1) and 4(2)',
    },
  ],
  falseIf: [
    { zh: '报告中的日期写错', en: 'The declared dates are wrong' },
    {
      zh: '边检记录重复或张冠李戴',
      en: 'The border record is doubled or belongs to another holder',
    },
  ],
  innocent: [
    { zh: '经批准持因私证件执行公务', en: 'Official trip on a private document with approval' },
    { zh: '过境或乘务', en: 'Transit or crew' },
    { zh: '当日往返', en: 'There and back on the same day' },
  ],
  feeds: ['declaration', 'exit-entry'],
  parameters: {
    toleranceDays: {
      default: 2,
      label: { zh: '日期放宽（天）', en: 'Date tolerance (days)' },
      basis: '设计默认值：口岸与填报日期常差一两天',
    },
  },
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
