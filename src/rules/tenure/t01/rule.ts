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
  id: 'T01',
  version: 1,
  family: 'tenure',
  title: { zh: '同一职位任职年限', en: 'Years in the same post' },
  question: {
    zh: '“{post}”已连续任职{years}（自{startedOn}）。请核对任职经历，考虑是否应当交流。',
    en: '“{post}” has been held for {years} (since {startedOn}). Check the record of posts and consider rotation.',
  },
  condition: {
    zh: '在同一单位履行同一职责（按职责编码，职务名称改变不重新计算）满{years}年仍在任，且无交流豁免。党政领导成员为红色（应当交流），其他为黄色（一般应当交流）。预警比例{preWarnPercent}%（100为不预警）。',
    en: 'The same duty in the same unit (by duty code; a changed title does not restart it) held for {years} years and still held, without an exemption. Red for leading members (must rotate), yellow for others (should). Pre-warning at {preWarnPercent} % (100 = off).',
  },
  legalBasis: [
    {
      zh: '《党政领导干部交流工作规定》第五条（同一职位任职满10年的，必须交流）',
      en: 'Provisions on the rotation of leading cadres, art. 5 (ten years in one post)',
    },
    {
      zh: '《党政领导干部选拔任用工作条例》第五十四条',
      en: 'Regulations on selection and appointment, art. 54',
    },
  ],
  falseIf: [
    {
      zh: '期间曾离开该职位，任职记录不全',
      en: 'The person left the post in between and the record is incomplete',
    },
    { zh: '职责编码相同但实际职责已改变', en: 'The duty changed although its code did not' },
  ],
  innocent: [
    { zh: '民族自治地方等经批准的例外', en: 'An approved exception, e.g. in an autonomous area' },
    { zh: '交流方案已在审批中', en: 'A rotation plan is already under approval' },
  ],
  feeds: ['roster'],
  parameters: {
    years: {
      default: 10,
      label: { zh: '年限', en: 'Years' },
      basis: '党政领导干部交流工作规定第五条：10年',
    },
    preWarnPercent: {
      default: 100,
      label: { zh: '提前提示比例（%，100为不提示）', en: 'Pre-warning at (%; 100 = off)' },
      basis: '设计默认值：不提示；可设为90',
    },
    joinDays: {
      default: 31,
      label: { zh: '视为连续的间隔（天）', en: 'Gap still continuous (days)' },
      basis: '设计默认值：任免文件间隔',
    },
  },
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
