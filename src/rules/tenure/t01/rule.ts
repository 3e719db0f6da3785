/**
 * Ten years in one post. The same duty counts as one post when its title changes. A rotation
 * exemption on file silences the rule. The pre-warning before the limit is off by default
 * (`preWarnPercent` 100): a person short of ten years must not stand in a queue.
 */
import { defineRule, type Snapshot } from '../../kit/define-rule.ts';
import { postEvidence, postsEnding, tenure } from '../../kit/tenure.ts';
import { count, day, fact, factList, joined, phrase, same } from '../../kit/words.ts';

const limit = (s: Snapshot) => `make_interval(years => ${s.param('years')})`;
const preWarning = (s: Snapshot) =>
  `make_interval(months => (${s.param('years')} * 12 * ${s.param('preWarnPercent')} / 100)::int)`;

const reaches = (from: string, to: string, interval: string) =>
  `(k.started_on + ${interval})::date > ${from} and (k.started_on + ${interval})::date <= ${to}`;

export default defineRule({
  findings: (s) => `
    with ${tenure(s, s.param('joinDays'))},
    long as (
      select t.*, (t.started_on + ${limit(s)})::date <= ${s.asOf} as is_due,
        extract(year from age(${s.asOf}, t.started_on))::int as full_years,
        extract(month from age(${s.asOf}, t.started_on))::int as further_months
      from tenure t
      where not t.is_exempt and ((t.started_on + ${limit(s)})::date <= ${s.asOf}
        or ${s.param('preWarnPercent')} < 100 and (t.started_on + ${preWarning(s)})::date <= ${s.asOf})),
    one as (
      select distinct on (person_id, period) *
      from (select l.*, to_char(l.started_on, 'YYYY') || '/' || l.duty_code
          || case when l.is_due then '' else '/pre-warning' end as period from long l) x
      order by person_id, period, is_leading_member desc, started_on, unit_code collate "C"),
    ${postEvidence(s, 'one')}
    select o.person_id, '' as unit_code, o.period,
      case when not o.is_due then 'blue' when o.is_leading_member then 'red' else 'yellow' end as severity,
      ${factList([
        fact('post', { zh: '职务', en: 'Post' }, same('o.title')),
        fact('startedOn', { zh: '任职起始', en: 'Held since' }, day('o.started_on')),
        fact(
          'years',
          { zh: '已任职', en: 'Held for' },
          joined(
            count('o.full_years', '年', 'years'),
            phrase('', ' '),
            count('o.further_months', '个月', 'months'),
          ),
        ),
        fact(
          'limit',
          { zh: '年限', en: 'Limit' },
          joined(same(`${s.param('years')}::text`), phrase('年', ' years')),
        ),
        fact(
          'titles',
          { zh: '期间职务名称', en: 'Titles meanwhile' },
          count('o.titles', '个', 'title(s)'),
        ),
        fact(
          'leadingMember',
          { zh: '党政领导成员', en: 'Leading member' },
          {
            zh: `case when o.is_leading_member then '是（应当交流）' else '否（一般应当交流）' end`,
            en: `case when o.is_leading_member then 'yes (must rotate)' else 'no (should rotate)' end`,
          },
        ),
      ])} as facts,
      e.items as evidence
    from one o join post_evidence e using (person_id, unit_code, duty_code, stretch_no)`,
  clock: (s, from, to) => `
    select k.person_id from ${s.everyone('post')} k
    where ${reaches(from, to, limit(s))} or ${reaches(from, to, preWarning(s))}
    union ${postsEnding(s, from, to)}`,
});
