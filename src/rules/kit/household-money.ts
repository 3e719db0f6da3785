/**
 * What a household earned and acquired, as CTEs shared by the wealth rules. Every acquisition counts
 * once however many co-owners are in the household; a share counts as a share. Only members of that
 * day count. Money stays in 分 (bigint) until it is put into words.
 */
import type { Snapshot } from './define-rule.ts';

/**
 * `member_income(official_id, relation, tax_year, item, net_fen, …)`: income after tax of finished
 * years. A year still running is left out: its figures are not yet the year's. `whose` narrows the
 * rows `h` looked at.
 */
export const memberIncome = (s: Snapshot, whose?: string): string =>
  s.shared(
    'member_income',
    `select i.official_id, i.relation, i.tax_year, i.item, i.gross_fen, i.tax_fen,
      i.gross_fen - coalesce(i.tax_fen, 0) as net_fen, i.payer_name,
      i.person_id, i.id, i.feed_id, i.batch_id, i.ordinal, i.known_from
    from ${s.ofHousehold('income')} i
    where i.tax_year < extract(year from ${s.asOf})
      and i.member_from <= make_date(i.tax_year, 12, 31) and i.member_to > make_date(i.tax_year, 1, 1)`,
    whose,
  );

/**
 * `held_property(official_id, unit_no, …)`: one row per real-estate unit a household ever held, with
 * the household's share of price, mortgage and sale proceeds.
 */
export const heldProperty = (s: Snapshot, whose?: string): string => `
  ${s.shared(
    'owner_row',
    `select p.member_name as owner_name, p.* from ${s.ofHousehold('property')} p
    where p.member_from <= p.registered_on and p.member_to > p.registered_on`,
    whose,
  )},
  held_property as (
    select official_id, unit_no, min(registered_on) as registered_on, max(cancelled_on) as cancelled_on,
      bool_or(obtained_by = 'purchase') as is_bought, max(price_fen) as price_fen,
      coalesce(max(mortgage_fen), 0) as mortgage_fen, max(sold_for_fen) as sold_for_fen,
      case when bool_or(ownership <> 'shares') then 100 else least(100, sum(share_percent)) end as share
    from owner_row group by official_id, unit_no)`;

/** `held_vehicle(official_id, vin, …)`: one row per vehicle a household registered. */
export const heldVehicle = (s: Snapshot): string =>
  s.shared(
    'held_vehicle',
    `select v.member_name as owner_name, v.* from ${s.ofHousehold('vehicle')} v
    where v.member_from <= v.registered_on and v.member_to > v.registered_on`,
  );

/** Officials in service, where passing into a new year changes which income years are finished. */
export const everyoneAtNewYear = (s: Snapshot, from: string, to: string): string => `
  select o.person_id from ${s.everyone('official')} o
  where extract(year from ${from}) < extract(year from ${to})`;
