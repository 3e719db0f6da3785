/**
 * Complaints that gather on one person or one unit. Only independent cases count: a repeat letter is
 * the same case. Who complained is unknown here and everywhere else in the hub.
 */
import { defineRule } from '../../kit/define-rule.ts';
import { count, fact, factList, joined, phrase, same } from '../../kit/words.ts';
import { independent, personFindings, unitFindings } from './gathering.ts';

export default defineRule({
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
