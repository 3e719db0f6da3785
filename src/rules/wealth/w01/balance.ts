/**
 * The sums behind W01: for each official the window of finished income years, what the household
 * acquired in it, and what it lawfully had. `balance` has one row per official whose own income is
 * known for every year of the window; the others are gaps, because a missing year is not no income.
 */
import { OBTAINED_BY } from '../../../../schema/property/property.codes.ts';
import type { Snapshot } from '../../kit/define-rule.ts';
import { heldProperty, heldVehicle, memberIncome } from '../../kit/household-money.ts';
import { coded, day, joined, money, same } from '../../kit/words.ts';

const ASSET_KINDS = `('stock', 'fund', 'insurance', 'business', 'foreign', 'loan-given')`;
const RECEIVED_KINDS = `('gift-received', 'inheritance', 'loan-taken')`;

/** `earning(official_id, first_year, last_year, from_day, to_day, is_complete)`. */
const earning = (s: Snapshot) => `
  own_year as (
    select distinct official_id, tax_year from member_income where relation = 'self' and item = 'wages'),
  dated_year as (
    select official_id, tax_year, max(tax_year) over (partition by official_id) as last_year from own_year),
  covered as (
    select official_id, last_year, last_year - ${s.param('windowYears')} + 1 as first_year,
      count(*) filter (where tax_year > last_year - ${s.param('windowYears')}) as years
    from dated_year group by 1, 2),
  earning as (
    select c.official_id, c.first_year, c.last_year,
      make_date(c.first_year, 1, 1) as from_day, make_date(c.last_year, 12, 31) as to_day,
      c.years >= c.last_year + 1 - greatest(c.first_year,
        least(c.last_year, coalesce(extract(year from o.work_started_on), 0))) as is_complete
    from covered c join ${s.at('official')} o on o.person_id = c.official_id)`;

/** Acquired and sold in the window. */
const assets = (s: Snapshot) => `
  ${heldProperty(s)}, ${heldVehicle(s)},
  bought_property as (
    select e.official_id,
      coalesce(sum((p.price_fen - p.mortgage_fen) * p.share / 100)
        filter (where p.is_bought and p.price_fen is not null and p.registered_on between e.from_day and e.to_day), 0) as property_fen,
      coalesce(sum(p.sold_for_fen * p.share / 100)
        filter (where p.cancelled_on between e.from_day and e.to_day), 0) as sold_fen,
      count(*) filter (where p.is_bought and p.price_fen is null and p.registered_on between e.from_day and e.to_day) as unpriced
    from earning e join held_property p using (official_id) group by 1),
  bought_vehicle as (
    select e.official_id,
      coalesce(sum(v.price_fen - coalesce(v.loan_fen, 0))
        filter (where v.obtained_by = 'purchase' and v.price_fen is not null and v.registered_on between e.from_day and e.to_day), 0) as vehicle_fen,
      coalesce(sum(v.sold_for_fen) filter (where v.ended_on between e.from_day and e.to_day), 0) as sold_fen,
      count(*) filter (where v.obtained_by = 'purchase' and v.price_fen is null and v.registered_on between e.from_day and e.to_day) as unpriced
    from earning e join held_vehicle v using (official_id) group by 1)`;

/**
 * Declared holdings at the end of the window against the oldest declaration since the year before it.
 * Gifts, inheritances and loans are restated every year, so each counts once, and not at all where a
 * declaration before the window already names it.
 */
const holdings = (s: Snapshot) => `
  stated_year as (
    select e.official_id, min(d.year) filter (where d.year < e.last_year) as base_year,
      bool_or(d.year = e.last_year) as has_last
    from earning e join ${s.at('declaration')} d on d.person_id = e.official_id
    where d.kind = 'annual' and d.year between e.first_year - 1 and e.last_year
    group by 1),
  stated as (
    select e.official_id, d.kind, d.year, d.amount_fen, d.owner_name, d.name, e.first_year, e.last_year
    from earning e join ${s.at('declared_holding')} d on d.person_id = e.official_id
    where d.year between e.first_year - 1 and e.last_year and not d.is_market_value),
  grown as (
    select y.official_id, y.base_year,
      coalesce(sum(case when x.year = x.last_year then x.amount_fen else -x.amount_fen end)
        filter (where x.kind in ${ASSET_KINDS} and x.year in (x.last_year, y.base_year)), 0) as holding_fen
    from stated_year y left join stated x using (official_id)
    where y.has_last and y.base_year is not null group by 1, 2),
  received as (
    select official_id, sum(amount_fen) as received_fen from (
      select official_id, max(amount_fen) as amount_fen from stated
      where kind in ${RECEIVED_KINDS} group by official_id, kind, owner_name, name
      having min(year) >= min(first_year)) each_once
    group by 1),
  taxed as (
    select e.official_id, coalesce(sum(m.net_fen) filter (where m.item <> 'transfer'), 0) as taxed_fen,
      coalesce(sum(m.net_fen) filter (where m.item = 'transfer'), 0) as transfer_fen
    from earning e join member_income m using (official_id)
    where m.tax_year between e.first_year and e.last_year group by 1)`;

/** `balance(official_id, first_year, last_year, …_fen, gap_fen)`, amounts as numeric 分. */
export const balance = (s: Snapshot): string => `
  ${memberIncome(s)}, ${earning(s)}, ${assets(s)}, ${holdings(s)},
  parts as (
    select e.*, y.base_year, coalesce(p.property_fen, 0) as property_fen, coalesce(v.vehicle_fen, 0) as vehicle_fen,
      coalesce(y.holding_fen, 0) as holding_fen, coalesce(t.taxed_fen, 0) as taxed_fen,
      -- A sale shows in the register and as taxed transfer: the larger figure stands for both.
      greatest(coalesce(p.sold_fen, 0) + coalesce(v.sold_fen, 0), coalesce(t.transfer_fen, 0)) as sales_fen,
      coalesce(x.received_fen, 0) as received_fen, coalesce(p.unpriced, 0) + coalesce(v.unpriced, 0) as unpriced
    from earning e
    left join bought_property p using (official_id) left join bought_vehicle v using (official_id)
    left join grown y using (official_id) left join taxed t using (official_id)
    left join received x using (official_id)
    where e.is_complete),
  summed as (
    select *, property_fen + vehicle_fen + holding_fen as assets_fen,
      taxed_fen + sales_fen + received_fen as income_fen from parts),
  balance as (select *, assets_fen - income_fen as gap_fen from summed)`;

const homeWords = joined(
  same('p.address'),
  '，',
  day('p.registered_on'),
  '，',
  coded('p.obtained_by', OBTAINED_BY),
  '，',
  money('p.price_fen'),
  ' − ',
  money('coalesce(p.mortgage_fen, 0)'),
);
const carWords = joined(
  same('v.brand'),
  '，',
  day('v.registered_on'),
  '，',
  money('v.price_fen'),
  ' − ',
  money('coalesce(v.loan_fen, 0)'),
);
const incomeWords = joined(
  same('m.tax_year::text'),
  ' ',
  same('m.payer_name'),
  '，',
  money('m.gross_fen'),
  ' − ',
  money('coalesce(m.tax_fen, 0)'),
);
const holdingWords = joined(
  same('d.year::text'),
  ' ',
  same('d.owner_name'),
  ' ',
  same('d.name'),
  '，',
  money('d.amount_fen'),
);

/**
 * `evidence(official_id, items)`: the rows behind the hits, fetched for hits only: homes and cars, then
 * declared rows and income as background.
 */
export const evidenceOfHits = (s: Snapshot): string => {
  const rows = (place: number, from: string, item: string, order: string) => `
    select hit.official_id, ${place} as place, jsonb_agg(${item} order by ${order}) as items
    from hit join ${from} group by hit.official_id`;
  const words = (
    value: { zh: string; en: string },
    zh: string,
    en: string,
    isContext: boolean,
  ) => ({
    label: { zh, en },
    valueZh: value.zh,
    valueEn: value.en,
    isContext,
  });
  const moved = (bought: string, sold: string) =>
    `
    (obtained_by = 'purchase' and ${bought} >= hit.from_day or ${sold} between hit.from_day and hit.to_day)
    and ${bought} <= hit.to_day`;
  return `evidence as (
    select official_id, coalesce(jsonb_agg(item order by place, n), '[]'::jsonb) as items from (
      ${[
        rows(
          1,
          `owner_row p on p.official_id = hit.official_id and ${moved('registered_on', 'cancelled_on')}`,
          s.evidence('p', words(homeWords, '不动产登记', 'Real-estate register', false)),
          'p.registered_on, p.unit_no collate "C", p.person_id, p.id',
        ),
        rows(
          2,
          `held_vehicle v on v.official_id = hit.official_id and ${moved('registered_on', 'ended_on')}`,
          s.evidence('v', words(carWords, '机动车登记', 'Vehicle register', false)),
          'v.registered_on, v.person_id, v.id',
        ),
        rows(
          3,
          `${s.at('declared_holding')} d on d.person_id = hit.official_id and not d.is_market_value
            and d.year between coalesce(hit.base_year, hit.first_year) and hit.last_year`,
          s.evidence('d', words(holdingWords, '年度报告', 'Annual declaration', true)),
          'd.year, d.id',
        ),
        rows(
          4,
          `member_income m on m.official_id = hit.official_id and m.tax_year between hit.first_year and hit.last_year`,
          s.evidence('m', words(incomeWords, '个人收入', 'Income', true)),
          'm.tax_year, m.person_id, m.id',
        ),
      ].join(' union all ')}) part
    cross join lateral jsonb_array_elements(part.items) with ordinality e(item, n)
    group by official_id)`;
};

/** Officials whose own income is not known for every year of the window. */
export const incompleteIncome = (s: Snapshot): string => `
  with ${memberIncome(s, `h.relation = 'self'`)}, ${earning(s)}
  select sc.person_id, coalesce(e.first_year || '–' || e.last_year, 'income') as period,
    '比对年度内本人收入数据不完整，无法计算差额' as reason_zh,
    'Own income is not known for every year compared, so no gap can be computed' as reason_en
  from ${s.scope} sc left join earning e on e.official_id = sc.person_id
  where e.is_complete is not true`;
