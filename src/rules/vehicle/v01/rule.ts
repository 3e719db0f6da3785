/**
 * A car bought at a price beyond half of the household's yearly lawful income, mostly without a loan.
 * Vehicles are no declaration item, so nothing here may speak of declaring.
 */
import { defineRule, type Snapshot } from '../../kit/define-rule.ts';
import {
  everyoneAtNewYear,
  heldProperty,
  heldVehicle,
  memberIncome,
} from '../../kit/household-money.ts';
import {
  coded,
  count,
  day,
  fact,
  factList,
  joined,
  money,
  numberedFact,
  phrase,
  RELATIONS,
  same,
} from '../../kit/words.ts';

const OF_BUYERS = 'h.official_id in (select official_id from recent)';

/**
 * `purchase`: recent cars with the income of the year of purchase, or of the year before where that one
 * is not finished. Only joins, no look-up per car: on a full night there are tens of thousands.
 */
const purchases = (s: Snapshot) => `
  ${heldVehicle(s)},
  recent as (
    select v.* from held_vehicle v
    where v.obtained_by = 'purchase' and (v.registered_on + make_interval(years => ${s.param('withinYears')}))::date > ${s.asOf}
      and v.registered_on <= ${s.asOf}),
  ${memberIncome(s, OF_BUYERS)}, ${heldProperty(s, OF_BUYERS)},
  earned as (
    select m.official_id, m.tax_year, bool_or(m.relation = 'self') as has_self,
      coalesce(sum(m.net_fen) filter (where m.item <> 'transfer'), 0) as taxed_fen,
      coalesce(sum(m.net_fen) filter (where m.item = 'transfer'), 0) as transfer_fen
    from member_income m group by 1, 2),
  sale as (
    select official_id, extract(year from sold_on)::int as year, sum(fen) as fen from (
      select official_id, cancelled_on as sold_on, sold_for_fen * share / 100 as fen from held_property
      union all select official_id, ended_on, sold_for_fen from held_vehicle) x
    where sold_on is not null and fen is not null group by 1, 2),
  year_income as (
    select e.official_id, e.tax_year, e.taxed_fen + greatest(e.transfer_fen, coalesce(x.fen, 0)) as income_fen
    from earned e left join sale x on x.official_id = e.official_id and x.year = e.tax_year
    where e.has_self),
  purchase as (
    select distinct on (r.official_id, r.person_id, r.id) r.*, y.tax_year as income_year, y.income_fen
    from recent r left join year_income y on y.official_id = r.official_id
      and y.tax_year between extract(year from r.registered_on) - 1 and extract(year from r.registered_on)
    order by r.official_id, r.person_id, r.id, y.tax_year desc nulls last)`;

const carWords = joined(
  same('c.brand'),
  '，',
  coded('c.relation', RELATIONS),
  ' ',
  same('c.owner_name'),
  '，',
  day('c.registered_on'),
  phrase('，价格', ', price '),
  money('c.price_fen'),
  phrase('，贷款', ', loan '),
  money('coalesce(c.loan_fen, 0)'),
);
const incomeWords = joined(
  same('i.tax_year::text'),
  ' ',
  same('i.payer_name'),
  '，',
  money('i.gross_fen'),
  ' − ',
  money('coalesce(i.tax_fen, 0)'),
);

export default defineRule({
  findings: (s) => `
    with ${purchases(s)},
    hit as (
      select c.*, extract(year from c.registered_on)::int as bought_year,
        row_number() over (partition by c.official_id, extract(year from c.registered_on)
          order by c.price_fen desc, c.person_id, c.id) as n
      from purchase c
      where c.income_year is not null and c.price_fen > c.income_fen * ${s.param('incomePercent')} / 100.0
        and coalesce(c.loan_fen, 0) < c.price_fen * ${s.param('loanPercent')} / 100.0),
    background as (
      select x.official_id, x.bought_year, jsonb_agg(${s.evidence('i', {
        label: { zh: '个人收入', en: 'Income' },
        valueZh: incomeWords.zh,
        valueEn: incomeWords.en,
        isContext: true,
      })} order by i.person_id, i.id) as items
      from (select distinct official_id, bought_year, income_year from hit) x
      join member_income i on i.official_id = x.official_id and i.tax_year = x.income_year
      group by 1, 2)
    select c.official_id as person_id, '' as unit_code, c.bought_year::text as period, 'yellow' as severity,
      ${factList([
        fact('year', { zh: '购车年份', en: 'Year of purchase' }, same('c.bought_year::text')),
        fact(
          'price',
          { zh: '价格（最高的一辆）', en: 'Price (the dearest)' },
          money('max(c.price_fen)'),
        ),
        fact(
          'loan',
          { zh: '贷款', en: 'Loan' },
          money('(array_agg(coalesce(c.loan_fen, 0) order by c.n))[1]'),
        ),
        fact(
          'income',
          { zh: '家庭年合法收入', en: 'Yearly lawful income of the household' },
          joined(
            money('(array_agg(c.income_fen order by c.n))[1]'),
            '（',
            same('min(c.income_year)::text'),
            '）',
          ),
        ),
        fact(
          'share',
          { zh: '价格占年收入', en: 'Price as share of income' },
          same(
            `coalesce(round(100.0 * max(c.price_fen) / nullif((array_agg(c.income_fen order by c.n))[1], 0))::text || '%', '—')`,
          ),
        ),
        fact(
          'vehicles',
          { zh: '符合条件的车辆', en: 'Vehicles concerned' },
          count('count(*)', '辆', 'vehicle(s)'),
        ),
      ])} || jsonb_agg(${numberedFact(`'vehicle' || c.n`, { zh: `'车辆' || c.n`, en: `'Vehicle ' || c.n` }, carWords)} order by c.n) as facts,
      jsonb_agg(${s.evidence('c', { label: { zh: '机动车登记', en: 'Vehicle register' }, valueZh: carWords.zh, valueEn: carWords.en })} order by c.n)
      || coalesce((array_agg(b.items))[1], '[]'::jsonb) as evidence
    from hit c
    left join background b on b.official_id = c.official_id and b.bought_year = c.bought_year
    group by c.official_id, c.bought_year`,
  gaps: (s) => `
    with ${purchases(s)}
    select c.official_id as person_id, extract(year from c.registered_on)::int::text as period,
      min(case when c.price_fen is null then '登记没有购车价格，无法比对' else '没有购车年份前后的收入数据，无法比对' end) as reason_zh,
      min(case when c.price_fen is null then 'The register gives no price, so nothing can be compared'
        else 'No income is known for the year of purchase or the year before' end) as reason_en
    from purchase c where c.price_fen is null or c.income_year is null group by 1, 2`,
  clock: (s, from, to) => `
    select k.person_id from ${s.everyone('vehicle')} k
    where (k.registered_on + make_interval(years => ${s.param('withinYears')}))::date > ${from}
      and (k.registered_on + make_interval(years => ${s.param('withinYears')}))::date <= ${to}
    union ${everyoneAtNewYear(s, from, to)}`,
});
