/**
 * Did a household acquire more than it lawfully earned over some years? Everything is at cost, every
 * number is shown, and wherever a figure is unknown the sum leans in the person's favour: unknown
 * prices count as nothing, household spending is not estimated.
 */
import { defineRule } from '../../kit/define-rule.ts';
import { everyoneAtNewYear } from '../../kit/household-money.ts';
import { count, fact, factList, joined, money, same } from '../../kit/words.ts';
import { balance, evidenceOfHits, incompleteIncome } from './balance.ts';

export default defineRule({
  findings: (s) => `
    with ${balance(s)},
    hit as (
      select *, case when gap_fen > greatest(${s.param('redWan')} * 1000000.0, income_fen * ${s.param('redPercent')} / 100.0)
        then 'red' else 'yellow' end as severity
      from balance
      where gap_fen > greatest(${s.param('yellowWan')} * 1000000.0, income_fen * ${s.param('yellowPercent')} / 100.0)),
    ${evidenceOfHits(s)}
    select hit.official_id as person_id, '' as unit_code,
      hit.first_year || '–' || hit.last_year as period, hit.severity,
      ${factList([
        fact(
          'window',
          { zh: '比对年度', en: 'Years compared' },
          {
            zh: `hit.first_year || '–' || hit.last_year || '年'`,
            en: `hit.first_year || '–' || hit.last_year`,
          },
        ),
        fact('gap', { zh: '差额', en: 'Gap' }, money('hit.gap_fen')),
        fact(
          'assets',
          { zh: '财产增加合计（按成本）', en: 'Assets acquired, at cost' },
          money('hit.assets_fen'),
        ),
        fact(
          'property',
          { zh: '房产（价款减按揭，按份额）', en: 'Real estate (price less mortgage, by share)' },
          money('hit.property_fen'),
        ),
        fact(
          'vehicles',
          { zh: '机动车（价款减贷款）', en: 'Vehicles (price less loan)' },
          money('hit.vehicle_fen'),
        ),
        fact(
          'holdings',
          {
            zh: '报告的投资增加（不含按市值填报的）',
            en: 'Increase of declared holdings (without market values)',
          },
          joined(
            money('hit.holding_fen'),
            '（',
            same(`coalesce(hit.base_year::text, '—')`),
            '→',
            same('hit.last_year::text'),
            '）',
          ),
        ),
        fact(
          'spending',
          { zh: '已知支出', en: 'Known spending' },
          { zh: `'0.00万元（没有支出数据来源）'`, en: `'0.00 yuan (no feed of spending)'` },
        ),
        fact('income', { zh: '合法收入合计', en: 'Lawful income' }, money('hit.income_fen')),
        fact(
          'taxed',
          { zh: '税后收入（全部家庭成员）', en: 'Income after tax, all members' },
          money('hit.taxed_fen'),
        ),
        fact(
          'sales',
          { zh: '出售房产、机动车和财产转让所得', en: 'Proceeds of sales' },
          money('hit.sales_fen'),
        ),
        fact(
          'received',
          { zh: '报告的受赠、继承和借入', en: 'Declared gifts, inheritance and loans taken' },
          money('hit.received_fen'),
        ),
        fact(
          'unpriced',
          { zh: '没有价格因而未计入的购置', en: 'Purchases without a price, not counted' },
          count('hit.unpriced', '项', 'item(s)'),
        ),
      ])} as facts,
      e.items as evidence
    from hit join evidence e using (official_id)`,
  gaps: incompleteIncome,
  clock: everyoneAtNewYear,
});
