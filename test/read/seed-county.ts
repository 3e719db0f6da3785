/**
 * Rows for reading tests, written by the workers' role: officials of two authorities with every kind
 * of fact, warnings, evidence, runs and rejected rows. Deterministic: ids are made from numbers.
 */

import { personKey } from '../../src/base/person-key.ts';
import { Secret } from '../../src/base/secret.ts';
import { REBUILD_SEARCH } from '../../src/pipeline/link/search.ts';
import type { Sql } from '../../src/platform/database.ts';
import { deriveKin } from '../harness/derive-kin.ts';
import { enterActors } from '../harness/enter-actors.ts';

export const IDENTITY_KEY = new Secret('a key for tests only');

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** A well-formed number of the county that does not exist. */
export function idNumberOf(n: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const born = `${1960 + (n % 40)}${two(1 + (Math.floor(n / 1000) % 12))}${two(1 + Math.floor(n / 12000))}`;
  const first17 = `999901${born}${String(n % 1000).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(first17[i]), 0);
  return first17 + '10X98765432'[sum % 11];
}

export const personOf = (n: number): string =>
  personKey(IDENTITY_KEY, 'resident-id', idNumberOf(n));

/** `sql` belongs to the workers' role, `api` to the API's, which alone enters accounts. */
export type County = { sql: Sql; api: Sql; officials: number; city: number };

const ANALYST = ['analyst'];
const ACTORS = [
  { id: 'county', name: '县分析员', roles: ANALYST, authorities: ['county'] },
  { id: 'city', name: '市分析员', roles: ANALYST, authorities: ['city'] },
  { id: 'both', name: '双权', roles: ANALYST, authorities: ['city', 'county'] },
  { id: 'ops', name: '运维', roles: ['operator'], authorities: [] },
];

/** Officials 0 … officials-1; those below `city` are managed by the city, the rest by the county. */
export async function seedCounty({ sql, api, officials, city }: County): Promise<void> {
  await sql`insert into hub.authority (code, name) values ('city', '市委组织部'), ('county', '县委组织部')`;
  const ids = await sql<{ code: string; id: number }[]>`
    select code, authority_id as id from hub.authority`;
  const idOf = (code: string) => ids.find((each) => each.code === code)?.id ?? 0;
  await sql`create temporary table seed (n int, person_id uuid, id_number text, relative_id uuid,
    relative_number text, managed_by smallint[], authority text)`;
  const rows = Array.from({ length: officials }, (_, n) => {
    const code = n < city ? 'city' : 'county';
    return {
      n,
      person_id: personOf(n),
      id_number: idNumberOf(n),
      relative_id: personKey(IDENTITY_KEY, 'resident-id', `relative ${n}`),
      relative_number: idNumberOf(n + 500),
      managed_by: `{${idOf(code)}}`,
      authority: code,
    };
  });
  for (let at = 0; at < rows.length; at += 5000) {
    await sql`insert into seed ${sql(rows.slice(at, at + 5000))}`;
  }
  await sql.unsafe(COUNTY);
  await enterActors(api, ACTORS);
  await deriveKin(sql);
  await sql.unsafe(REBUILD_SEARCH);
}

const FACT = 'person_id, id, known_from, known_to, feed_id, batch_id, ordinal, digest, managed_by';
/** `k` numbers the facts of one kind of one person. */
const fact = (kind: string, feed: string, person = 'person_id', managedBy = 's.managed_by') =>
  `s.${person}, md5('${kind}' || s.n || '.' || k)::uuid, date '2026-01-31', 'infinity',
   '${feed}', 1, s.n * 10 + k, md5('${kind}')::uuid, ${managedBy}`;
const times = (count: number) => `from seed s, generate_series(1, ${count}) k`;

const COUNTY = `
insert into hub.feed (feed_id, title_zh, title_en, publisher_zh, publisher_en, agreement_no,
  legal_basis, purpose, stale_after_days, schedule, data_as_of)
select f, f || '数据', f, '某局', 'A bureau', 'A-1', '某条', '干部监督', 40, '0 2 * * *', d
from (values ('roster', date '2026-06-30'), ('real-estate', '2026-06-30'), ('vehicle', '2026-01-31'),
  ('exit-entry', '2026-06-30'), ('income', '2026-06-30'), ('declaration', '2026-06-30'),
  ('audit', '2026-06-30'), ('petition', null)) v(f, d);
insert into hub.batch (feed_id, as_of, mode, payload_name, payload_digest, payload_bytes, header, kinds, state, received_at)
values ('real-estate', '2026-01-31', 'full', 'homes_2026-01-31.csv', 'abc', 100,
  '{"homes": ["权利人", "身份证号", "坐落"]}', '{property}', 'linked', '2026-02-01T08:00:00+08');
insert into hub.person (person_id, name, id_number, sex, born_on, is_official, level, unit_code, unit_name, post_title, managed_by)
select person_id, '干部' || lpad(n::text, 5, '0'), id_number, '男', date '1970-01-01' + n % 5000, true,
  case n % 5 when 0 then '131' when 1 then '132' else '141' end, 'U' || n % 20, '单位' || n % 20, '主任', managed_by from seed;
insert into hub.person (person_id, name, id_number, is_official, managed_by)
select relative_id, '家属' || n, relative_number, false, '{}' from seed;
insert into hub.official (${FACT}, name, id_number, level, unit_code, post_title, employment, authority_code, work_started_on)
select ${fact('official', 'roster')}, '干部' || n, id_number, '141', 'U' || n % 20, '主任',
  case n % 4 when 0 then 'retired' else 'in-service' end, authority, date '1990-07-01' ${times(1)};
insert into hub.unit (unit_id, id, known_from, feed_id, batch_id, ordinal, digest, unit_code, name, kind, is_key_unit)
select md5('unit' || n)::uuid, md5('unit' || n)::uuid, '2026-01-31', 'roster', 1, n, md5('u')::uuid, 'U' || n, '单位' || n, 'government', n % 3 = 0
from generate_series(0, 19) n;
insert into hub.post (${FACT}, unit_code, title, duty_code, level, is_leading_member, is_audit_subject, risk_grade, started_on, ended_on)
select ${fact('post', 'roster')}, 'U' || (n + k) % 20, '职务' || k, 'D' || k, '141', k = 1, true, 'high',
  date '2000-01-01' + k * 1000, case when k < 4 then date '2000-01-01' + k * 1000 + 999 end ${times(4)};
insert into hub.kinship (${FACT}, relative_id, relative_name, relative_id_number, relation, is_co_living)
select ${fact('kinship', 'roster')}, relative_id, '家属' || n, relative_number, '10', true ${times(1)};
insert into hub.property (${FACT}, unit_no, address, use, area_m2, ownership, share_percent, obtained_by, registered_on, cancelled_on, price_fen)
select ${fact('property', 'real-estate')}, 'N' || n || '.' || k, '某路' || n || '号', (array['residential', 'parking'])[1 + k % 2],
  80.5 + k, 'sole', 100, 'self-built', date '2010-01-01' + k * 100, case when k = 3 then date '2020-01-01' end, 123456789 * k ${times(3)};
insert into hub.property (${FACT}, unit_no, address, use, area_m2, ownership, share_percent, obtained_by, registered_on, price_fen)
select ${fact('relative-home', 'real-estate', 'relative_id', `'{}'`)}, 'R' || n || '.' || k, '别路', 'residential', 120, 'joint', 100, 'gift', '2015-01-01', 5 ${times(1)};
insert into hub.property (${FACT}, unit_no, address, use, area_m2, ownership, share_percent, obtained_by, registered_on)
select s.person_id, md5('property' || s.n || '.1')::uuid, '2025-01-31', '2026-01-31', 'real-estate', 1, 1, md5('old')::uuid,
  s.managed_by, 'OLD', '旧址', 'residential', 1, 'sole', 100, 'gift', '2010-01-01' from seed s;
insert into hub.vehicle (${FACT}, vin, plate, brand, kind, obtained_by, registered_on, state, price_fen)
select ${fact('vehicle', 'vehicle')}, 'VIN' || n || k, '临A' || n || k, '某牌', 'car', 'purchase', date '2015-01-01' + k, 'normal', 20000000 ${times(2)};
insert into hub.trip (${FACT}, document_no, document_kind, region, left_on, returned_on, is_private, is_complete)
select ${fact('trip', 'exit-entry')}, 'E' || n, 'hk-macau-permit', 'HKG', date '2020-01-01' + k * 30,
  case when k % 7 > 0 then date '2020-01-03' + k * 30 end, true, k % 7 > 0 ${times(20)};
insert into hub.travel_document (${FACT}, kind, document_no, issued_on, expires_on, state)
select ${fact('document', 'exit-entry')}, 'passport', 'E' || n || k, '2019-01-01', '2029-01-01', 'valid' ${times(2)};
insert into hub.income (${FACT}, tax_year, item, payer_name, payer_code, gross_fen, tax_fen, is_settled)
select ${fact('income', 'income')}, 2023 + k % 3, (array['wages', 'labour'])[1 + k % 2], '某单位', 'U1', 10000000 + k, 1000, true ${times(6)};
insert into hub.declaration (${FACT}, year, kind, signed_on, nil_sections, wages_fen)
select ${fact('declaration', 'declaration')}, 2022 + k, 'annual', date '2023-01-20' + k * 365, '{trips}', 9000000 ${times(3)};
insert into hub.declared_property (${FACT}, year, owner_name, address, use, price_fen)
select ${fact('declared-property', 'declaration')}, 2022 + k, '干部' || n, '某路' || n || '号', 'residential', 100 ${times(3)};
insert into hub.declared_document (${FACT}, year, kind, document_no)
select ${fact('declared-document', 'declaration')}, 2022 + k, 'passport', 'E' || n ${times(3)};
insert into hub.declared_trip (${FACT}, year, left_on, region)
select ${fact('declared-trip', 'declaration')}, 2022 + k, date '2022-06-01' + k * 365, 'HKG' ${times(3)};
insert into hub.declared_holding (${FACT}, year, owner_name, kind, name, amount_fen, is_market_value)
select ${fact('holding', 'declaration')}, 2022 + k, '干部' || n, 'stock', '某股', 5000, true ${times(3)};
insert into hub.audit (${FACT}, report_no, finding_no, unit_code, period_from, period_to, kind, reported_on, finding, amount_fen, responsibility, state)
select ${fact('audit', 'audit')}, '审' || n, k::text, 'U1', '2020-01-01', '2022-12-31', 'leaving', '2023-03-01', '问题' || k, 5000000, 'leading', 'open' ${times(2)};
insert into hub.petition (${FACT}, case_no, channel, is_named, received_on, category, disposal)
select ${fact('petition', 'petition')}, '信' || n || k, 'letter', true, date '2025-01-01' + k, 'property', 'talk' ${times(2)};
insert into hub.rule (rule_id, version, family, title_zh, title_en, condition_zh, condition_en, legal_basis, false_if, innocent, feeds, digest,
  kit_version, source, asked)
select r, 1, 'declaration', '规则' || r, 'Rule ' || r, '条件', 'condition', '[{"zh": "法", "en": "law"}]',
  '[{"zh": "反证", "en": "unless"}]', '[]', '{real-estate,declaration}', r, 1, r, '{}' from unnest('{A01,A04,T01,V01}'::text[]) r;
insert into hub.rule_version (rule_id, version, kit_version, digest, question, condition)
values ('A01', 1, 1, 'A01', '{"zh": "为何？", "en": "Why?"}', '{"zh": "条件", "en": "condition"}');
insert into hub.rule_parameter (rule_id, name, valid_from, value, label_zh, label_en, basis, author, reason)
values ('A01', 'days', '2020-01-01', '30', '天数', 'days', '设计默认值', 'design', '初始');
insert into hub.night (night_id, as_of, mode, state, requested_by, started_at, ended_at)
values (md5('night')::uuid, '2026-06-30', 'full', 'done', 'schedule', '2026-07-01T02:00:00+08', '2026-07-01T02:01:00+08');
insert into hub.rule_run (night_id, rule_id, rule_version, kit_version, state, reason_zh, reason_en, subjects)
select md5('night')::uuid, r, 1, 1, s, z, e, 10 from (values ('A01', 'evaluated', null, null), ('A04', 'evaluated', null, null),
  ('V01', 'stale', '车辆数据已过时', 'vehicle data are stale')) v(r, s, z, e);
insert into hub.finding (person_id, rule_id, period, seen_from, rule_version, night_id, severity, facts, evidence, digest, managed_by)
select person_id, 'A01', '2025', '2026-06-30', 1, md5('night')::uuid, 'red', '[]', '[]', md5('f')::uuid, managed_by from seed where n % 3 = 0;
insert into hub.rule_gap (person_id, rule_id, period, reason_zh, reason_en, night_id, managed_by)
select person_id, 'A04', '2025', '缺少房产数据', 'no home data', md5('night')::uuid, managed_by from seed where n % 2 = 0;
insert into hub.warning (warning_id, person_id, rule_id, rule_version, kit_version, period, severity, state, question_zh, question_en, facts,
  first_seen_on, last_seen_on, conclusion, concluded_at, managed_by)
select md5('warning' || n || k)::uuid, person_id, 'A0' || (1 + 3 * (k - 1)), 1, 1, '2025', (array['red', 'yellow', 'blue'])[1 + n % 3],
  case when k = 2 then 'concluded' else 'new' end, '请核实' || n, 'Please check', '[{"name": "area", "labelZh": "面积", "labelEn": "area", "valueZh": "80", "valueEn": "80"}]',
  date '2026-01-01' + n % 100, '2026-06-30', case when k = 2 then case when n % 2 = 0 then '漏报' else '基本一致' end end,
  case when k = 2 then timestamptz '2026-06-30T10:00:00+08' end, managed_by from seed, generate_series(1, 2) k where n % 3 < 2;
insert into hub.warning_evidence (warning_id, position, person_id, subject_kind, subject_id, label_zh, label_en, value_zh, value_en, feed_id, batch_id, ordinal, sheet, cells, as_of, managed_by)
select md5('warning' || n || 1)::uuid, 1, person_id, 'person', person_id::text, '房产', 'home', '1 套', '1', 'real-estate', 1, n, 'homes', json_build_array('干部' || n, id_number, '某路' || n || '号'), '2026-01-31', managed_by from seed where n % 3 < 2;
insert into hub.warning_event (person_id, warning_id, event_no, at, kind, managed_by)
select person_id, md5('warning' || n || 1)::uuid, 1, '2026-07-01T02:00:00+08', 'raised', managed_by from seed where n % 3 < 2;
insert into hub.quarantine (batch_id, ordinal, feed_id, reason, "column", message_zh, message_en, sheet, cells, created_at)
select 1, n, 'real-estate', 'date.invalid', '登记日期', '日期有误', 'not a date', 'homes', json_build_array('干部' || n, id_number, '某路' || n || '号'), '2026-02-01T08:00:00+08' from seed where n % 5 = 4;
insert into hub.sync_run (sync_run_id, feed_id, state, requested_by, started_at, drift)
select md5('run' || k)::uuid, 'real-estate', 'done', 'schedule', timestamptz '2026-02-01T08:00:00+08' + k * interval '1 day', '{新列}' from generate_series(1, 3) k;
drop table seed;
`;
