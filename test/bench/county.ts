/**
 * A county made by SQL for measuring: the shape and size of real data without the time it takes to
 * deliver it. About one official in fifty gives some rule a reason to speak, the rest are innocent.
 */
import { REBUILD_SEARCH } from '../../src/pipeline/link/search.ts';
import type { Sql } from '../../src/platform/database.ts';

/** Feeds the rules look at; all are fresh on the night measured. */
export const AS_OF = '2026-06-30';

const FACT = `person_id, id, known_from, feed_id, batch_id, ordinal, digest, managed_by`;
const uuidOf = (prefix: string, expression: string) => `md5('${prefix}' || ${expression})::uuid`;

const many = (person: string) => ({
  common: (feed: string, salt: string) =>
    `${person}, md5(${salt})::uuid, date '2025-07-01', '${feed}', 1, i, md5('d' || ${salt})::uuid, array[1]::smallint[]`,
});

const official = many(uuidOf('p', 'i'));
const spouse = many(uuidOf('r', "i || '-1'"));

/** [table, columns, select over generate_series as i (official number)] */
const statements = (n: number): string[] => [
  `insert into authority (code, name) values ('county', '县管'), ('city', '市管') on conflict do nothing`,
  `insert into feed (feed_id, title_zh, title_en, publisher_zh, publisher_en, agreement_no, legal_basis, purpose, stale_after_days, schedule, data_as_of)
   select f, f, f, f, f, '-', '-', '-', 4000, '0 1 * * *', date '${AS_OF}'
   from unnest(array['roster','declaration','income','real-estate','vehicle','exit-entry','audit','petition','company']) f
   on conflict (feed_id) do update set data_as_of = excluded.data_as_of`,
  `insert into batch (feed_id, as_of, mode, payload_name, payload_digest, payload_bytes, header, kinds, state, received_at, linked_at)
   select feed_id, date '${AS_OF}', 'delta', 'bench', 'bench', 0, '{}', '{}', 'linked', now(), now() from feed`,
  `insert into unit (unit_id, id, known_from, feed_id, batch_id, ordinal, digest, unit_code, name, kind, staff_count, is_key_unit)
   select ${uuidOf('u', 'i')}, ${uuidOf('u', 'i')}, date '2023-07-01', 'roster', 1, i, ${uuidOf('u', 'i')}, 'U' || i, '单位' || i, 'government', 40, false
   from generate_series(0, greatest(${n} / 20, 20)) i`,
  `insert into official (${FACT}, name, id_number, sex, born_on, level, unit_code, post_title, employment, authority_code)
   select ${official.common('roster', "'off' || i")}, '干部' || i, lpad(i::text, 18, '9'), 'male', date '1975-01-01' + i % 5000, '141', 'U' || i / 20, '局长', 'in-service', 'county'
   from generate_series(1, ${n}) i`,
  `insert into person (person_id, name, id_number, sex, born_on, is_official, level, unit_code, unit_name, post_title, managed_by)
   select ${uuidOf('p', 'i')}, '干部' || i, lpad(i::text, 18, '9'), 'male', date '1975-01-01' + i % 5000, true, '141', 'U' || i / 20, '单位' || i / 20, '局长', array[1]::smallint[]
   from generate_series(1, ${n}) i
   union all
   select ${uuidOf('r', "i || '-' || k")}, '家属' || i || k, lpad(i::text || k, 18, '8'), 'female', date '1978-01-01', false, null, null, null, null, '{}'
  
   from generate_series(1, ${n}) i, generate_series(1, 2) k`,
  `insert into kinship (${FACT}, relative_id, relative_name, relation, is_co_living)
   select ${official.common('declaration', "'kin' || i || '-' || k")}, ${uuidOf('r', "i || '-' || k")}, '家属' || i || k, case k when 1 then '10' else '20' end, k = 1
   from generate_series(1, ${n}) i, generate_series(1, 2) k`,
  post(n),
  income(n),
  property(n),
  declaration(n),
  ...travel(n),
  rest(n),
  companies(n),
  ...['income', 'company_shareholder'].map(throughKinship),
  `analyze`,
];

/** What a register holds of relatives is seen through kinship. */
const throughKinship = (table: string) => `
  update ${table} f set managed_by = '{}', kin_managed_by = array[1]::smallint[], registered_name = p.name
  from person p where p.person_id = f.person_id and not p.is_official`;

const post = (n: number) => `
  insert into post (${FACT}, unit_code, title, duty_code, level, is_leading_member, is_audit_subject, started_on, ended_on)
  select ${official.common('roster', "'post' || i || '-' || k")}, 'U' || i / 20, '职务' || k, 'D' || k, '141', false, i % 20 = 0,
    date '${AS_OF}' - (case k when 1 then 1000 + i % 2680 else 4700 - k * 300 end), case k when 1 then null else date '${AS_OF}' - (4400 - k * 300) end
  from generate_series(1, ${n}) i, generate_series(1, 3) k`;

const income = (n: number) => `
  insert into income (${FACT}, tax_year, item, payer_name, payer_code, gross_fen, tax_fen, is_settled)
  select ${official.common('income', "'inc' || i || '-' || y || '-' || k")}, y, case k when 1 then 'wages' else 'labour' end, '单位' || i / 20, 'U' || i / 20, case k when 1 then 18000000 else 500000 end, 900000, true
  from generate_series(1, ${n}) i, generate_series(2021, 2025) y, generate_series(1, 2) k
  union all
  select ${spouse.common('income', "'sinc' || i || '-' || y")}, y, 'wages', '单位', 'X', 12000000, 400000, true
  from generate_series(1, ${n}) i, generate_series(2022, 2025) y`;

const property = (n: number) => `
  insert into property (${FACT}, unit_no, certificate_no, address, use, area_m2, ownership, share_percent, obtained_by, registered_on, price_fen, mortgage_fen)
  select ${official.common('real-estate', "'home' || i || '-' || k")}, 'N' || i || '-' || k, 'C' || i || '-' || k, '临江县人民路' || i || '号' || k || '室', 'residential', 100 + k, 'sole', 100, 'purchase',
    date '2012-01-01' + i % 3000 + k, 80000000, 40000000
  from generate_series(1, ${n}) i, generate_series(1, 2) k`;

const declaration = (n: number) => `
  with d as (insert into declaration (${FACT}, year, kind, signed_on, nil_sections, marital_state, wages_fen)
    select ${official.common('declaration', "'decl' || i || '-' || y")}, y, 'annual', make_date(y + 1, 1, 20), '{}', 'married', 18500000
    from generate_series(1, ${n}) i, generate_series(2023, 2025) y),
  p as (insert into declared_property (${FACT}, year, owner_name, unit_no, certificate_no, address, use, area_m2)
    select ${official.common('declaration', "'dp' || i || '-' || y || '-' || k")}, y, '干部' || i, 'N' || i || '-' || k, 'C' || i || '-' || k, '临江县人民路' || i || '号' || k || '室', 'residential', 100 + k
    from generate_series(1, ${n}) i, generate_series(2023, 2025) y, generate_series(1, 2) k where not (i % 100 = 0 and k = 2)),
  c as (insert into declared_document (${FACT}, year, kind, document_no)
    select ${official.common('declaration', "'dd' || i || '-' || y")}, y, 'passport', 'E' || lpad(i::text, 8, '0')
    from generate_series(1, ${n}) i, generate_series(2023, 2025) y where i % 200 <> 1)
  insert into declared_trip (${FACT}, year, left_on, returned_on, region)
  select ${official.common('declaration', "'dt' || i || '-' || k")}, 2025, date '2025-01-05' + k * 12, date '2025-01-08' + k * 12, 'HKG'
  from generate_series(1, ${n}) i, generate_series(1, 15) k where not (i % 150 = 2 and k = 3)`;

const travel = (n: number) => [
  `insert into travel_document (${FACT}, kind, document_no, issued_on, expires_on, state)
   select ${official.common('exit-entry', "'td' || i")}, 'passport', 'E' || lpad(i::text, 8, '0'), date '2020-01-01', date '2030-01-01', 'valid' from generate_series(1, ${n}) i`,
  `insert into crossing (${FACT}, document_no, document_kind, direction, crossed_at, port, region)
   select ${official.common('exit-entry', "'cr' || i || '-' || k || '-' || w")}, 'C' || lpad(i::text, 8, '0'), 'hk-macau-permit', case w when 0 then 'exit' else 'entry' end,
     timestamptz '2025-01-05 09:00+08' + make_interval(days => k * 12 + w * 3), '口岸', 'HKG'
   from generate_series(1, ${n}) i, generate_series(1, 15) k, generate_series(0, 1) w`,
  `insert into trip (${FACT}, document_no, document_kind, region, left_on, returned_on, is_private, is_complete)
   select ${official.common('exit-entry', "'tr' || i || '-' || k")}, 'C' || lpad(i::text, 8, '0'), 'hk-macau-permit', 'HKG', date '2025-01-05' + k * 12, date '2025-01-08' + k * 12, true, true
   from generate_series(1, ${n}) i, generate_series(1, 15) k`,
];

const rest = (n: number) => `
  with v as (insert into vehicle (${FACT}, vin, plate, brand, kind, obtained_by, registered_on, state, price_fen)
    select ${official.common('vehicle', "'v' || i")}, 'V' || i, '浙Z' || i, '品牌', 'car', 'purchase', date '2024-03-01', 'normal', case when i % 120 = 3 then 60000000 else 9000000 end from generate_series(1, ${n}) i),
  a as (insert into audit (${FACT}, report_no, unit_code, period_from, period_to, kind, reported_on)
    select ${official.common('audit', "'a' || i")}, 'R' || i, 'U' || i / 20, date '2020-01-01', date '2022-12-31', 'in-office', date '2023-06-30' from generate_series(20, ${n}, 20) i)
  insert into petition (${FACT}, case_no, channel, is_named, unit_code, received_on, category)
  select ${official.common('petition', "'pt' || i || '-' || k")}, 'P' || i || '-' || k, 'letter', false, 'U' || i / 20, date '${AS_OF}' - k * 20, 'conduct'
  from generate_series(1, ${n}) i, generate_series(1, 3) k where i % 40 = 0 and (k = 1 or i % 200 = 0)`;

/** One spouse in ten holds shares of a company in another province, one in five hundred of one nearby. */
const companies = (n: number) => `
  with c as (insert into company (company_id, id, known_from, feed_id, batch_id, ordinal, digest, uscc, name, kind, area_code, founded_on, state)
    select ${uuidOf('c', 'i')}, ${uuidOf('c', 'i')}, date '2025-07-01', 'company', 1, i, ${uuidOf('c', 'i')}, 'C' || i, '公司' || i, 'limited',
      case when i % 500 = 0 then '999901' else '990100' end, date '2010-01-01', 'active' from generate_series(10, ${n}, 10) i)
  insert into company_shareholder (${FACT}, company_id, company_name, share_percent, held_from)
  select ${spouse.common('company', "'sh' || i")}, ${uuidOf('c', 'i')}, '公司' || i, 60, date '2015-01-01' from generate_series(10, ${n}, 10) i`;

export const personIdSql = (i: string) => uuidOf('p', i);

/** Fills an empty, migrated database with a county of `officials`; the caller connects as owner or worker. */
export async function fillCounty(sql: Sql, officials: number): Promise<void> {
  for (const statement of statements(officials)) await sql.unsafe(statement);
  await sql.unsafe(REBUILD_SEARCH);
}
