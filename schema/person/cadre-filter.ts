/** By what officials can be found and sorted. */
import type { Writer } from '../../src/read/index.ts';
import { arrayOf, equals, filterInput, isAnyOf, sortKeys, stored, when } from '../inputs.ts';
import { Severity } from '../warning/warning-lists.ts';
import { manyInUnitsNamed, nameContains, unitNameContains } from './cadre-search.ts';
import { Employment } from './person-lists.ts';

const grant = 'cadre.read';

/** A current roster row of the person in row `t`. */
const onRoster = (t: string, w: Writer, condition: string) =>
  `exists (select 1 from hub.official r where r.person_id = ${t}.person_id
     and r.known_to = 'infinity' and ${w.managed('r')} and ${condition})`;

/** FROM and WHERE of the warnings of the person in row `t` that nobody has concluded. */
const openWarnings = (t: string, w: Writer) =>
  `from hub.warning x where x.person_id = ${t}.person_id and x.state <> 'concluded'
     and ${w.managed('x')}`;

export const CadreFilter = filterInput('CadreFilter', ['干部筛选', 'Filter of officials'], {
  name: { grant, zh: '姓名包含', en: 'Name contains', type: 'String', where: nameContains },
  unitCode: { grant, zh: '单位代码', en: 'Unit code', type: 'String', where: equals('unit_code') },
  unitName: {
    ...{ grant, zh: '单位名称包含', en: 'Unit contains', type: 'String' },
    where: unitNameContains,
    whereMany: manyInUnitsNamed,
  },
  level: {
    ...{ grant, zh: '职务层次', en: 'Levels', type: 'String', isList: true },
    where: isAnyOf('level'),
  },
  authority: {
    ...{ grant, zh: '干部管理机关代码', en: 'Code of the managing authority', type: 'String' },
    where: (t, w, path) => onRoster(t, w, `r.authority_code = ${w.bind(path)}::text`),
  },
  employment: {
    ...{ grant, zh: '在职状态', en: 'Employment', type: Employment, isList: true },
    where: (t, w, path) =>
      onRoster(t, w, `r.employment = any(${w.bind(path, arrayOf(stored))}::text[])`),
  },
  hasOpenWarning: {
    ...{ grant: 'warning.read', zh: '有未办结预警', en: 'Has open warnings', type: 'Boolean' },
    where: when((t, w) => `exists (select ${openWarnings(t, w)})`),
  },
  severity: {
    ...{ grant: 'warning.read', zh: '有此等级的未办结预警', en: 'Open warning of severity' },
    ...{ type: Severity, isList: true },
    where: (t, w, path) =>
      `exists (select ${openWarnings(t, w)}
         and x.severity = any(${w.bind(path, arrayOf(stored))}::text[]))`,
  },
});

const by = (name: string, isDescending = false) => ({
  sql: (t: string) => `${t}.${name}`,
  isDescending,
});
const byOpenWarnings = {
  sql: (t: string, w: Writer) => `(select count(*) ${openWarnings(t, w)})`,
  isDescending: true,
};

export const CadreOrder = sortKeys('CadreOrder', ['干部排序', 'Order of officials'], {
  NAME_ASC: { grant, zh: '按姓名', en: 'By name', order: [by('name')] },
  NAME_DESC: { grant, zh: '按姓名倒序', en: 'By name, last first', order: [by('name', true)] },
  LEVEL_ASC: {
    ...{ grant, zh: '按职务层次（高在前）', en: 'By level, highest first' },
    order: [by('level'), by('name')],
  },
  UNIT_ASC: {
    ...{ grant, zh: '按单位', en: 'By unit' },
    order: [by('unit_code'), by('name')],
  },
  OPEN_WARNINGS_DESC: {
    ...{ grant: 'warning.read', zh: '未办结预警多者在前', en: 'Most open warnings first' },
    order: [byOpenWarnings],
  },
});
