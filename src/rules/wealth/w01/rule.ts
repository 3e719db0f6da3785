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
  id: 'W01',
  version: 1,
  family: 'wealth',
  title: {
    zh: '家庭财产增长与合法收入的差额',
    en: 'Growth of household wealth against lawful income',
  },
  question: {
    zh: '{window}家庭取得的财产（按成本）比已知合法收入多{gap}。请逐项核对下列数字，并由本人说明来源。',
    en: 'In {window} the household acquired {gap} more (at cost) than its known lawful income. Check each number below and ask the person for the source.',
  },
  condition: {
    zh: '{windowYears}年内：财产增加（按成本）＋已知支出－合法收入。超过{yellowWan}万元与收入{yellowPercent}%中的较大者为黄色，超过{redWan}万元与收入{redPercent}%中的较大者为红色。',
    en: 'Over {windowYears} years: assets acquired (at cost) + known spending − lawful income. Yellow above the larger of {yellowWan}0,000 yuan and {yellowPercent} % of income, red above the larger of {redWan}0,000 yuan and {redPercent} %.',
  },
  legalBasis: [
    {
      zh: '《领导干部报告个人有关事项规定》第十二条（家庭财产明显超过正常收入的，要求说明来源）',
      en: 'Provisions on reporting personal matters, art. 12 (property clearly above normal income: ask for the source)',
    },
  ],
  falseIf: [
    {
      zh: '父母赠与、继承、拆迁补偿、借款等来源未进入数据',
      en: 'A gift, inheritance, compensation or loan is missing from the data',
    },
    {
      zh: '共有房产被重复计算，或份额有误',
      en: 'A co-owned home is counted twice, or the share is wrong',
    },
    {
      zh: '配偶经营所得未完整申报在册',
      en: 'Business profit of the spouse is not completely on file',
    },
  ],
  innocent: [
    { zh: '父母赠与或继承', en: 'Gift or inheritance from parents' },
    { zh: '拆迁补偿', en: 'Compensation for demolition' },
    { zh: '配偶的经营所得', en: "The spouse's business profit" },
    { zh: '亲友借款', en: 'Loans from family or friends' },
    { zh: '此前多年的积蓄', en: 'Savings of earlier years' },
  ],
  feeds: ['income', 'real-estate', 'vehicle', 'declaration'],
  parameters: {
    windowYears: {
      default: 3,
      label: { zh: '比对年数', en: 'Years compared' },
      basis: '设计默认值',
    },
    yellowWan: {
      default: 10,
      label: { zh: '黄色下限（万元）', en: 'Yellow from (10,000 yuan)' },
      basis: '设计默认值：10万元',
    },
    yellowPercent: {
      default: 20,
      label: { zh: '黄色：占收入（%）', en: 'Yellow: share of income (%)' },
      basis: '设计默认值',
    },
    redWan: {
      default: 30,
      label: { zh: '红色下限（万元）', en: 'Red from (10,000 yuan)' },
      basis: '30万元：1999年巨额财产来源不明立案标准，仅作参照',
    },
    redPercent: {
      default: 50,
      label: { zh: '红色：占收入（%）', en: 'Red: share of income (%)' },
      basis: '设计默认值',
    },
  },
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
