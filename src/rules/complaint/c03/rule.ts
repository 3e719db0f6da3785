/**
 * Complaints that gather on one person or one unit. Only independent cases count: a repeat letter is
 * the same case. Who complained is unknown here and everywhere else in the hub.
 */
import { defineRule } from '../../kit/define-rule.ts';
import { count, fact, factList, joined, phrase, same } from '../../kit/words.ts';
import { independent, personFindings, unitFindings } from './gathering.ts';

export default defineRule({
  id: 'C03',
  version: 1,
  family: 'complaint',
  title: { zh: '信访举报比较集中', en: 'Complaints gather' },
  question: {
    zh: '{window}收到相互独立的信访举报{cases}。请先检验其是否确实相互独立，再决定如何了解情况。',
    en: '{cases} independent complaints were received in {window}. First test whether they are really independent, then decide how to look into it.',
  },
  condition: {
    zh: '{months}个月内对同一人相互独立的信访举报不少于{minCases}件（重复件不计）；或单位每名在编人员的信访件数明显高于其他单位（稳健z值不小于{unitScore}，至少{minUnits}个单位可比，且本单位不少于{minCases}件）。',
    en: 'At least {minCases} independent complaints about a person in {months} months (repeats do not count); or complaints per member of staff clearly above other units (robust z of at least {unitScore}, at least {minUnits} units compared, at least {minCases} complaints).',
  },
  legalBasis: [
    {
      zh: '《信访工作条例》（分析研判）；《纪检监察机关处理检举控告工作规则》（分析与集中反映）',
      en: 'Regulations on petition work; rules on handling complaints (analysis of gathered reports)',
    },
  ],
  falseIf: [
    { zh: '几件实为同一事项的重复件', en: 'Several are repeats of the same case' },
    { zh: '被反映人识别有误', en: 'The person complained about is mistaken' },
  ],
  innocent: [
    { zh: '有组织的重复来信', en: 'Organised repeat letters' },
    { zh: '改革、征迁引发的矛盾', en: 'Conflict over a reform or land requisition' },
    { zh: '岗位本身直面群众，信访较多', en: 'A post that meets the public draws more complaints' },
  ],
  feeds: ['petition'],
  parameters: {
    months: {
      default: 12,
      label: { zh: '回看月数', en: 'Months looked back' },
      basis: '设计默认值',
    },
    minCases: {
      default: 3,
      label: { zh: '件数下限', en: 'Least number of cases' },
      basis: '设计默认值：“信访举报比较集中”',
    },
    unitScore: {
      default: 3,
      label: { zh: '单位稳健z值下限', en: 'Least robust z of a unit' },
      basis: '设计默认值',
    },
    minUnits: {
      default: 10,
      label: { zh: '可比单位下限', en: 'Least number of units compared' },
      basis: '设计默认值',
    },
  },
  findings: (s) => {
    const windowWords = joined(
      phrase('最近', 'the last '),
      same(`${s.param('months')}::text`),
      phrase('个月', ' months'),
    );
    const evidence = s.evidence('p', {
      label: { zh: '信访件', en: 'Petition' },
      valueZh: `p.case_no || '，' || to_char(p.received_on, 'YYYY-MM-DD') || '收到'`,
      valueEn: `p.case_no || ', received ' || to_char(p.received_on, 'YYYY-MM-DD')`,
    });
    const facts = [
      fact('window', { zh: '期间', en: 'Window' }, windowWords),
      fact(
        'cases',
        { zh: '独立信访件', en: 'Independent complaints' },
        count('count(*)', '件', 'case(s)'),
      ),
      fact(
        'named',
        { zh: '其中署名', en: 'Of these signed' },
        count('count(*) filter (where p.is_named)', '件', 'case(s)'),
      ),
      fact(
        'topics',
        { zh: '问题类别', en: 'Topics' },
        count('count(distinct p.category)', '类', 'topic(s)'),
      ),
      fact(
        'untrue',
        { zh: '其中结论为不实', en: 'Of these concluded untrue' },
        count(`count(*) filter (where p.conclusion = 'untrue')`, '件', 'case(s)'),
      ),
    ];
    return `with ${independent(s)}
      ${personFindings(s, factList(facts), evidence)}
      union all
      ${unitFindings(s, facts, evidence)}`;
  },
  clock: (s, from, to) => `
    select k.person_id from ${s.everyone('petition')} k
    where (k.received_on + make_interval(months => ${s.param('months')}))::date > ${from}
      and (k.received_on + make_interval(months => ${s.param('months')}))::date <= ${to}
      or k.received_on > ${from} and k.received_on <= ${to}`,
});
