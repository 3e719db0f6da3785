/** An audit subject whose last economic-responsibility audit, or whose appointment, is older than the cycle. */
import { defineRule, type Snapshot } from '../../kit/define-rule.ts';
import { postEvidence, postsEnding, tenure } from '../../kit/tenure.ts';
import { day, fact, factList, joined, phrase, same } from '../../kit/words.ts';

const cycle = (s: Snapshot) => `make_interval(years => ${s.param('years')})`;

const passes = (s: Snapshot, date: string, from: string, to: string) =>
  `(${date} + ${cycle(s)})::date >= ${from} and (${date} + ${cycle(s)})::date < ${to}`;

export default defineRule({
  findings: (s) => `
    with ${tenure(s, s.param('joinDays'))},
    subject as (
      select t.*, a.reported_on, greatest(t.started_on, a.reported_on) as since
      from tenure t
      left join lateral (
        select max(x.reported_on) as reported_on from ${s.at('audit')} x
        where x.person_id = t.person_id and x.reported_on <= ${s.asOf}) a on true
      where t.is_audit_subject),
    late as (
      select distinct on (person_id) * from subject
      where (since + ${cycle(s)})::date < ${s.asOf}
      order by person_id, since, duty_code collate "C", unit_code collate "C"),
    ${postEvidence(s, 'late')}
    select l.person_id, '' as unit_code, to_char(l.since, 'YYYY') as period, 'yellow' as severity,
      ${factList([
        fact('post', { zh: '职务', en: 'Post' }, same('l.title')),
        fact('since', { zh: '起算日期', en: 'Counted from' }, day('l.since')),
        fact('startedOn', { zh: '任职起始', en: 'Appointed on' }, day('l.started_on')),
        fact(
          'auditedOn',
          { zh: '最近审计报告', en: 'Last audit report' },
          {
            zh: `coalesce(to_char(l.reported_on, 'YYYY-MM-DD'), '无记录')`,
            en: `coalesce(to_char(l.reported_on, 'YYYY-MM-DD'), 'none on record')`,
          },
        ),
        fact(
          'limit',
          { zh: '周期', en: 'Cycle' },
          joined(same(`${s.param('years')}::text`), phrase('年', ' years')),
        ),
      ])} as facts,
      e.items
      || coalesce((select jsonb_agg(${s.evidence('x', {
        label: { zh: '审计报告', en: 'Audit report' },
        valueZh: `x.report_no || '，' || to_char(x.reported_on, 'YYYY-MM-DD')`,
        valueEn: `x.report_no || ', ' || to_char(x.reported_on, 'YYYY-MM-DD')`,
      })} order by x.id)
       from ${s.at('audit')} x where x.person_id = l.person_id and x.reported_on = l.reported_on
         and x.finding_no is null), '[]'::jsonb) as evidence
    from late l join post_evidence e using (person_id, unit_code, duty_code, stretch_no)`,
  clock: (s, from, to) => `
    select k.person_id from ${s.everyone('post')} k
    where k.is_audit_subject and ${passes(s, 'k.started_on', from, to)}
    union select x.person_id from ${s.everyone('audit')} x where ${passes(s, 'x.reported_on', from, to)}
    union ${postsEnding(s, from, to)}`,
});
