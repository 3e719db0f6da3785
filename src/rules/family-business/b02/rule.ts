/**
 * A spouse, child or child's spouse of an official runs or holds a company that the local table of
 * level, relation and place prohibits or restricts. Adult children count wherever they live, so the
 * family is read from the declared kinship and not from the household.
 */
import { COMPANY_OFFICE } from '../../../../schema/company/company.codes.ts';
import { LEVEL } from '../../../../schema/person/person.codes.ts';
import { defineRule, type Snapshot } from '../../kit/define-rule.ts';
import { coded, fact, factList, joined, numberedFact, phrase, same } from '../../kit/words.ts';

const RELATION = {
  spouse: ['配偶', 'spouse'],
  child: ['子女', 'child'],
  'child-spouse': ['子女的配偶', 'child’s spouse'],
} as const;
const PLACE = {
  county: ['任职单位所在县区', 'the county of the official’s unit'],
  city: ['同一地市', 'the same prefecture'],
} as const;

/** Offices that run a company; ordinary employment does not count. */
const RUNS = `('legal-representative', 'director', 'manager', 'supervisor', 'partner', 'proprietor')`;

const holds = (from: string, to: string, day: string) =>
  `coalesce(${from}, '-infinity') <= ${day} and coalesce(${to}, 'infinity') > ${day}`;

const shareWords = joined(
  phrase('持股', 'holder of '),
  same(`coalesce(e.share_percent::float8::text || '%', '—')`),
);
const officeWords = joined(phrase('任', ''), coded('e.office', COMPANY_OFFICE));

/** One row per part a relative has in a company: what it is in words, and its evidence. */
function parts(s: Snapshot): string {
  const columns = (words: { zh: string; en: string }) => `
    e.official_id, e.person_id, e.company_id, e.id, ${words.zh} as part_zh, ${words.en} as part_en, ${s.evidence(
      'e',
      {
        label: { zh: '市场主体登记（人员）', en: 'Company register (person)' },
        valueZh: `e.company_name || '，' || ${words.zh}`,
        valueEn: `e.company_name || ', ' || ${words.en}`,
      },
    )} as edge`;
  return `
  part as (
    select ${columns(shareWords)} from ${s.ofRelatives('company_shareholder')} e
    where ${holds('e.held_from', 'e.held_to', s.asOf)} and e.share_percent >= ${s.param('minSharePercent')}
    union all
    select ${columns(officeWords)} from ${s.ofRelatives('company_officer')} e
    where ${holds('e.started_on', 'e.ended_on', s.asOf)} and e.office in ${RUNS})`;
}

/** `tie`: officials in scope, their families as declared, and the active companies these have a part in. */
const ties = (s: Snapshot) => `
  kin as (
    select k.*, case when k.relation between '10' and '12' then 'spouse'
      when k.relation in ('28', '38') then 'child-spouse'
      when k.relation between '20' and '39' then 'child' end as whose
    from ${s.scope} sc join ${s.at('kinship')} k on k.person_id = sc.person_id
    where k.relative_id <> k.person_id and ${holds('k.valid_from', 'k.valid_to', s.asOf)}),
  ${parts(s)},
  firm as (
    select distinct on (c.company_id) c.*, coalesce(c.area_code, substr(c.uscc, 3, 6)) as area
    from ${s.at('company')} c where c.company_id in (select company_id from part)
    order by c.company_id, c.known_from desc, c.id),
  tie as (
    select k.person_id as official_id, k.whose, k.relative_id, k.relative_name, k.id as kin_id,
      p.id as part_id, p.part_zh, p.part_en, p.edge, f.company_id, f.name as company_name, f.uscc, f.area,
      o.level, substr(o.unit_code, 3, 6) as unit_area,
      ${s.evidence('k', {
        label: { zh: '个人事项报告（亲属）', en: 'Declared family' },
        valueZh: joined(coded('k.whose', RELATION), ' ', same('k.relative_name')).zh,
        valueEn: joined(coded('k.whose', RELATION), ' ', same('k.relative_name')).en,
        isContext: true,
      })} as kinship,
      ${s.evidence('f', {
        about: 'company',
        label: { zh: '市场主体登记', en: 'Company register' },
        valueZh: `f.name || '，' || coalesce(f.address, f.area, '—')`,
        valueEn: `f.name || ', ' || coalesce(f.address, f.area, '—')`,
      })} as company,
      ${s.evidence('o', {
        label: { zh: '干部名册', en: 'Roster' },
        valueZh: coded('o.level', LEVEL).zh,
        valueEn: coded('o.level', LEVEL).en,
        isContext: true,
      })} as official
    from kin k join part p on p.official_id = k.person_id and p.person_id = k.relative_id
    join firm f on f.company_id = p.company_id and f.state = 'active'
    join ${s.at('official')} o on o.person_id = k.person_id
    where k.whose is not null)`;

const table = (s: Snapshot) => `
  verdict as (
    select split_part(entry, '/', 1) as level, split_part(entry, '/', 2) as whose,
      split_part(split_part(entry, '/', 3), '=', 1) as place, split_part(entry, '=', 2) as severity
    from regexp_split_to_table(${s.param('matrix')}, '\\s*[;；]\\s*') as entry)`;

const tieWords = joined(coded('h.whose', RELATION), ' ', same('h.relative_name'), '，', {
  zh: 'h.part_zh',
  en: 'h.part_en',
});

export default defineRule({
  findings: (s) => `
    with ${ties(s)}, ${table(s)},
    placed as (
      select t.*, case when t.area = t.unit_area then 'county'
        when left(t.area, 4) = left(t.unit_area, 4) then 'city' end as place
      from tie t),
    hit as (
      select t.*, v.severity, row_number() over (partition by t.official_id, t.company_id
        order by v.severity, t.whose collate "C" desc, t.relative_id, t.part_id) as n,
        row_number() over (partition by t.official_id, t.company_id, t.relative_id
        order by t.kin_id, t.part_id) as nth_of_relative
      from placed t join verdict v on v.level = t.level and v.whose = t.whose and v.place = t.place)
    select h.official_id as person_id, '' as unit_code, coalesce(min(h.uscc), h.company_id::text) as period,
      min(h.severity) as severity,
      ${factList([
        fact(
          'relative',
          { zh: '亲属', en: 'Relative' },
          {
            zh: `(array_agg(${coded('h.whose', RELATION).zh} || h.relative_name order by h.n))[1]`,
            en: `(array_agg(${coded('h.whose', RELATION).en} || ' ' || h.relative_name order by h.n))[1]`,
          },
        ),
        fact('company', { zh: '企业', en: 'Company' }, same('min(h.company_name)')),
        fact(
          'part',
          { zh: '任职或持股', en: 'Office or share' },
          {
            zh: '(array_agg(h.part_zh order by h.n))[1]',
            en: '(array_agg(h.part_en order by h.n))[1]',
          },
        ),
        fact('place', { zh: '登记地', en: 'Registered in' }, coded('min(h.place)', PLACE)),
        fact('level', { zh: '本人层级', en: 'Level' }, coded('min(h.level)', LEVEL)),
      ])} || jsonb_agg(${numberedFact(`'part' || h.n`, { zh: `'关联' || h.n`, en: `'Tie ' || h.n` }, tieWords)} order by h.n) as facts,
      jsonb_agg(h.edge order by h.n) || jsonb_build_array((array_agg(h.company order by h.n))[1])
        || jsonb_agg(h.kinship order by h.n) filter (where h.nth_of_relative = 1)
        || jsonb_build_array((array_agg(h.official order by h.n))[1]) as evidence
    from hit h group by h.official_id, h.company_id`,
  gaps: (s) => `
    with ${ties(s)}
    select t.official_id as person_id, t.company_id::text as period,
      min(t.company_name || '没有登记地，无法比对地域') as reason_zh,
      min(t.company_name || ': the register gives no place') as reason_en
    from tie t where t.area is null group by 1, 2`,
  clock: (s, from, to) => {
    const passed = (column: string) => `${column} > ${from} and ${column} <= ${to}`;
    return `
    select e.person_id from ${s.everyone('company_shareholder')} e
    where ${passed('e.held_from')} or ${passed('e.held_to')}
    union select e.person_id from ${s.everyone('company_officer')} e
    where ${passed('e.started_on')} or ${passed('e.ended_on')}
    union select k.person_id from ${s.everyone('kinship')} k
    where ${passed('k.valid_from')} or ${passed('k.valid_to')}`;
  },
});
