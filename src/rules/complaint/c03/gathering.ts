/** The counting behind C03: independent cases, per person in scope and per unit over all units. */
import type { Snapshot } from '../../kit/define-rule.ts';
import { count, fact, factList, same } from '../../kit/words.ts';

/** `filed`: first filings inside the window. A case about two persons counts for each, once per unit. */
export const independent = (s: Snapshot): string => `
  filed as (
    select distinct on (p.person_id, p.case_no) p.* from ${s.everyone('petition')} p
    where (p.received_on + make_interval(months => ${s.param('months')}))::date > ${s.asOf}
      and p.received_on <= ${s.asOf} and coalesce(p.duplicate_of, '') in ('', p.case_no)
    order by p.person_id, p.case_no, p.received_on, p.id)`;

export const personFindings = (s: Snapshot, facts: string, evidence: string): string => `
  select p.person_id, '' as unit_code, to_char(max(p.received_on), 'YYYY') as period, 'yellow' as severity,
    ${facts} as facts, jsonb_agg(${evidence} order by p.received_on, p.case_no collate "C") as evidence
  from ${s.scope} sc join filed p on p.person_id = sc.person_id
  group by p.person_id having count(*) >= ${s.param('minCases')}`;

/**
 * Robust z = (rate − median) / (1.4826 × MAD). Where more than half of the units have no complaint the
 * MAD is nought; then 1.2533 × the mean absolute deviation stands for it, else one letter anywhere
 * would be an outlier.
 */
const unitScores = `
  select r.*, (r.rate - m.median)
      / nullif(case when d.mad > 0 then 1.4826 * d.mad else 1.2533 * d.mean end, 0) as z,
    count(*) over () as units
  from unit_rate r cross join unit_median m cross join unit_deviation d`;

const rates = (s: Snapshot) => `
  unit_rate as (
    select u.unit_code, u.name, u.staff_count, count(f.case_no) as cases,
      count(f.case_no)::float8 / u.staff_count as rate
    from ${s.everyone('unit')} u
    left join (select distinct unit_code, case_no from filed where unit_code is not null) f using (unit_code)
    where u.staff_count > 0 group by u.unit_code, u.name, u.staff_count),
  unit_median as (select percentile_cont(0.5) within group (order by rate) as median from unit_rate),
  unit_deviation as (
    select percentile_cont(0.5) within group (order by abs(rate - median)) as mad, avg(abs(rate - median)) as mean
    from unit_rate cross join unit_median)`;

/** Units far above the others; the person is nobody, the evidence names each case. */
export const unitFindings = (s: Snapshot, facts: readonly string[], evidence: string): string => `
  select * from (
    with ${rates(s)},
    high as (select * from (${unitScores}) x
      where x.z >= ${s.param('unitScore')} and x.units >= ${s.param('minUnits')} and x.cases >= ${s.param('minCases')}),
    per_case as (
      select distinct on (f.unit_code, f.case_no) f.* from filed f join high h on h.unit_code = f.unit_code
      order by f.unit_code, f.case_no, f.person_id)
    select '00000000-0000-0000-0000-000000000000'::uuid as person_id, p.unit_code,
      to_char(max(p.received_on), 'YYYY') as period, 'yellow' as severity,
      ${factList([
        ...facts,
        fact('unit', { zh: '单位', en: 'Unit' }, same('h.name')),
        fact('staff', { zh: '在编人数', en: 'Staff' }, count('h.staff_count', '人', 'people')),
        fact('z', { zh: '稳健z值', en: 'Robust z' }, same(`to_char(h.z, 'FM990.0')`)),
        fact(
          'units',
          { zh: '参与比较的单位', en: 'Units compared' },
          count('h.units', '个', 'units'),
        ),
      ])} as facts,
      jsonb_agg(${evidence} order by p.received_on, p.case_no collate "C") as evidence
    from high h join per_case p on p.unit_code = h.unit_code
    group by p.unit_code, h.name, h.staff_count, h.z, h.units) unit_part`;
