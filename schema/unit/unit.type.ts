/** Units and managing authorities. */
import { column, type RowRef } from '../fields.ts';
import { closedList } from '../inputs.ts';
import { rowType } from '../row-types.ts';
import { sourceOf } from '../sources.ts';
import { authority, unit } from './unit.table.ts';

const UnitKind = closedList('UnitKind', ['单位类别', 'Kind of unit'], {
  party: ['党委机关', 'Party'],
  government: ['政府机关', 'Government'],
  npc: ['人大', 'People’s congress'],
  cppcc: ['政协', 'Consultative conference'],
  discipline: ['纪检监察', 'Discipline'],
  court: ['法院', 'Court'],
  procuratorate: ['检察院', 'Procuratorate'],
  institution: ['事业单位', 'Institution'],
  enterprise: ['国有企业', 'Enterprise'],
  other: ['其他', 'Other'],
});

const grant = 'cadre.read';
export const units = sourceOf(unit, [unit.id], (t) => [`${t}.known_to = 'infinity'`]);
export const authorities = sourceOf(authority, [authority.code]);

export const Unit: RowRef = rowType('Unit', {
  ...{ zh: '单位', en: 'A unit' },
  source: units,
  grant,
  fields: (t) => ({
    code: column(t, unit.unitCode, { grant, zh: '统一社会信用代码', en: 'Code (USCC)' }),
    name: column(t, unit.name, { grant, zh: '名称', en: 'Name' }),
    kind: column(t, unit.kind, { grant, zh: '类别', en: 'Kind', type: UnitKind }),
    parentCode: column(t, unit.parentCode, { grant, zh: '上级单位代码', en: 'Code of the parent' }),
    staffCount: column(t, unit.staffCount, { grant, zh: '编制人数', en: 'Staff' }),
    isKeyUnit: column(t, unit.isKeyUnit, { grant, zh: '三集中重点单位', en: 'Key unit' }),
  }),
});

export const Authority: RowRef = rowType('Authority', {
  ...{ zh: '干部管理机关', en: 'An authority that manages officials' },
  grant: 'self.read',
  fields: (t) => ({
    code: column(t, authority.code, { grant: 'self.read', zh: '代码', en: 'Code' }),
    name: column(t, authority.name, { grant: 'self.read', zh: '名称', en: 'Name' }),
  }),
});
