/** An ordinary passport that was valid on some day of the report year and is not among the declared documents. */
import { defineRule } from '../../kit/define-rule.ts';
import { foldedNumber } from '../../kit/fold.ts';
import { reportEvidence, reportYear, withoutReport } from '../../kit/report-year.ts';
import {
  count,
  day,
  fact,
  factList,
  joined,
  maskedNumber,
  numberedFact,
  same,
} from '../../kit/words.ts';

const passportWords = joined(
  maskedNumber('m.document_no'),
  '，',
  day('m.issued_on'),
  ' — ',
  day('m.expires_on'),
);

export default defineRule({
  id: 'A04',
  version: 1,
  family: 'declaration',
  title: {
    zh: '普通护照未见于年度报告',
    en: 'Ordinary passport not found in the annual declaration',
  },
  question: {
    zh: '{reportYear}年内有效的{missingPassports}普通护照，在当年报告的证件中没有找到。请向出入境管理机构核对证件状态，并查看集中保管台账。',
    en: 'In {reportYear} the person held {missingPassports} that the declared documents do not show. Check the state of the document with the exit-entry office and the custody list.',
  },
  condition: {
    zh: '本人持有在报告年度任何一天有效的普通护照，而当年报告的证件中没有相同号码。',
    en: 'The official holds an ordinary passport valid on any day of the report year, and no declared document of that year has its number.',
  },
  legalBasis: [
    {
      zh: '《领导干部报告个人有关事项规定》第三条第（二）项（因私出国证件）',
      en: 'Provisions on reporting personal matters, art. 3(2) (private travel documents)',
    },
    {
      zh: '《领导干部个人有关事项报告查核结果处理办法》第四条第（二）项',
      en: 'Measures on handling verification results, art. 4(2)',
    },
  ],
  falseIf: [
    { zh: '报告中的号码有笔误', en: 'The declared number has a slip of the pen' },
    {
      zh: '护照在报告年度开始前已注销或挂失',
      en: 'The passport was cancelled or reported lost before the year began',
    },
  ],
  innocent: [
    { zh: '证件已制发但未领取', en: 'Issued but never collected' },
    { zh: '遗失后已注销，数据滞后', en: 'Lost and cancelled, the data lag behind' },
    {
      zh: '证件已交组织集中保管，本人以为无需再报',
      en: 'Already in custody, and thought to need no declaration',
    },
  ],
  feeds: ['declaration', 'exit-entry'],
  parameters: {},
  findings: (s) => `
    with ${reportYear(s)},
    missing as (
      select r.year, t.*, row_number() over (partition by t.person_id order by t.issued_on, t.id) as n
      from report r join ${s.at('travel_document')} t on t.person_id = r.person_id
      where t.kind = 'passport' and t.issued_on <= r.last_day and t.expires_on >= r.first_day
        and (t.state not in ('cancelled', 'lost') or coalesce(t.ended_on, t.known_from) >= r.first_day)
        and not exists (
          select 1 from ${s.at('declared_document')} d
          where d.person_id = r.person_id and d.year = r.year
            and ${foldedNumber('d.document_no')} = ${foldedNumber('t.document_no')}))
    select r.person_id, '' as unit_code, r.year::text as period, 'red' as severity,
      ${factList([
        fact('reportYear', { zh: '报告年度', en: 'Report year' }, same('r.year::text')),
        fact(
          'missingPassports',
          { zh: '报告中未找到的护照', en: 'Passports not found in the declaration' },
          count('count(*)', '本', 'ordinary passport(s)'),
        ),
      ])} || jsonb_agg(${numberedFact(`'passport' || m.n`, { zh: `'护照' || m.n`, en: `'Passport ' || m.n` }, passportWords)} order by m.n) as facts,
      jsonb_agg(${s.evidence('m', {
        label: { zh: '出入境证件', en: 'Travel document' },
        valueZh: passportWords.zh,
        valueEn: passportWords.en,
      })} order by m.n) || jsonb_build_array(${reportEvidence(s)}) as evidence
    from missing m join report r on r.person_id = m.person_id
    group by r.person_id, r.year, r.signed_on, r.feed_id, r.batch_id, r.ordinal, r.known_from`,
  gaps: withoutReport,
});
