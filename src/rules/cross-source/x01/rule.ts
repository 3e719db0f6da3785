/**
 * Two yellow questions of different kinds about the same person deserve to be looked at together.
 * Two questions that rest on the same registered fact are one: the car that makes the vehicle rule
 * ask and also widens the wealth gap counts once. The window is that of the rules themselves: only
 * findings the data support on the night's date are stacked.
 */
import { defineRule } from '../../kit/define-rule.ts';
import { count, fact, factList, joined, numberedFact, same } from '../../kit/words.ts';

const words = joined(same('y.rule_id'), ' ', same('y.period'));

export default defineRule({
  findings: (s) => `
    with yellow as (
      select f.* from ${s.found} f join ${s.scope} sc on sc.person_id = f.person_id
      where f.severity = 'yellow' and f.unit_code = '' and f.family <> 'cross-source'),
    several as (
      select y.* from yellow y where y.person_id in (
        select person_id from yellow group by person_id having count(distinct family) >= ${s.param('minFindings')})),
    rests_on as (
      select y.person_id, y.rule_id, y.period, e->>'feedId' as feed_id, e->>'batchId' as batch_id, e->>'ordinal' as ordinal
      from several y cross join lateral jsonb_array_elements(y.evidence) e
      where coalesce(e->>'isContext', 'false') <> 'true'),
    -- Of the findings that rest on one fact only the first counts.
    repeated as (
      select distinct b.person_id, b.rule_id, b.period
      from rests_on a join rests_on b using (person_id, feed_id, batch_id, ordinal)
      where a.rule_id < b.rule_id),
    own as (
      select y.*, row_number() over (partition by y.person_id order by y.rule_id, y.period collate "C") as n
      from several y
      where not exists (select 1 from repeated r
        where r.person_id = y.person_id and r.rule_id = y.rule_id and r.period = y.period)),
    item as (
      select y.person_id, e.item - 'isContext' as item, y.rule_id, y.period, e.place
      from own y cross join lateral jsonb_array_elements(y.evidence) with ordinality e(item, place)
      where coalesce(e.item->>'isContext', 'false') <> 'true')
    select y.person_id, '' as unit_code,
      (select left(max(i.item->>'asOf'), 4) from item i where i.person_id = y.person_id) as period, 'red' as severity,
      ${factList([
        fact(
          'findings',
          { zh: '黄色预警', en: 'Yellow findings' },
          count('count(*)', '条', 'yellow finding(s)'),
        ),
        fact(
          'families',
          { zh: '数据类别', en: 'Families' },
          count('count(distinct y.family)', '类', 'families'),
        ),
      ])} || jsonb_agg(${numberedFact(`'finding' || y.n`, { zh: `'预警' || y.n`, en: `'Finding ' || y.n` }, words)} order by y.n) as facts,
      (select jsonb_agg(i.item order by i.rule_id, i.period collate "C", i.place) from item i where i.person_id = y.person_id) as evidence
    from own y group by y.person_id
    having count(distinct y.family) >= ${s.param('minFindings')}`,
});
