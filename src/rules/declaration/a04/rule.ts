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
