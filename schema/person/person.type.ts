/**
 * Officials, and the relatives the law defines: who they are. What is known about them stands in the
 * folders of the other concepts, each of which adds its fields to `Cadre` and `Relative`.
 */
import { builder, words } from '../builder.ts';
import { column, expression, type Fields, one, type RowRef } from '../fields.ts';
import { pages, rootRow, rowType } from '../row-types.ts';
import { Authority, authorities, Unit, units } from '../unit/unit.type.ts';
import { cadreById } from './cadre-by-id.ts';
import { CadreFilter, CadreOrder } from './cadre-filter.ts';
import { cadreTotal } from './cadre-search.ts';
import { maskedNumber } from './masked.ts';
import { person } from './person.table.ts';
import { anyPerson, cadres, Employment, roster } from './person-lists.ts';

const grant = 'cadre.read';

const identity = (t: Fields, said: 'cadre.read' | 'family.read') => ({
  name: column(t, person.name, { grant: said, zh: '姓名', en: 'Name' }),
  idNumberMasked: expression(t, {
    ...{ grant: said, zh: '公民身份号码（掩码）', en: 'Identity number, masked' },
    ...{ type: 'String', nullable: true },
    sql: (row) => maskedNumber(`${row}.id_number`),
  }),
  idNumber: column(t, person.idNumber, {
    ...{ grant: 'identity.read', zh: '公民身份号码', en: 'Identity number' },
  }),
  sex: column(t, person.sex, { grant: said, zh: '性别', en: 'Sex' }),
  bornOn: column(t, person.bornOn, { grant: said, zh: '出生日期', en: 'Born on' }),
});

/** A value of the current roster row of the official. */
const fromRoster = (name: string) => (row: string, w: { managed(t: string): string }) =>
  `(select r.${name} from ${roster.table} r where r.person_id = ${row}.person_id
      and ${roster.where('r').join(' and ')} and ${w.managed('r')} order by r.known_from desc limit 1)`;

const career = (t: Fields) => ({
  level: column(t, person.level, { grant, zh: '职务层次', en: 'Level (GB/T 12407)' }),
  postTitle: column(t, person.postTitle, { grant, zh: '现任职务', en: 'Present post' }),
  unitCode: column(t, person.unitCode, { grant, zh: '单位代码', en: 'Unit code' }),
  unitName: column(t, person.unitName, { grant, zh: '单位名称', en: 'Unit' }),
  unit: one(t, Unit, {
    ...{ grant, zh: '单位', en: 'Unit', source: units },
    on: (p, u) => `${u}.unit_code = ${p}.unit_code`,
  }),
  employment: expression(t, {
    ...{ grant, zh: '在职状态', en: 'Employment', type: Employment, nullable: true },
    sql: fromRoster('employment'),
  }),
  workStartedOn: expression(t, {
    ...{ grant, zh: '参加工作日期', en: 'Started work on', type: 'Date', nullable: true },
    sql: fromRoster('work_started_on'),
  }),
  authority: one(t, Authority, {
    ...{ grant, zh: '干部管理机关', en: 'Managing authority', source: authorities },
    on: (p, a, w) => `${a}.code = ${fromRoster('authority_code')(p, w)}`,
  }),
});

export const Cadre: RowRef = rowType('Cadre', {
  ...{ zh: '干部', en: 'An official under management' },
  source: cadres,
  grant,
  fields: (t) => ({
    ...identity(t, grant),
    ...career(t),
  }),
});

export const Relative: RowRef = rowType('Relative', {
  ...{
    zh: '家庭成员：身份为报告所述，登记数据仅限登记姓名与报告姓名一致者；只能由干部查到，不能按编号直接取得',
    en: 'A relative as declared, with what registers hold under the declared name; reached from an official, never by id',
  },
  source: anyPerson,
  grant: 'family.read',
  isFamily: true,
  fields: (t) => ({
    ...identity(t, 'family.read'),
    isOfficial: expression(t, {
      ...{
        grant: 'family.read',
        zh: '本人也是您可见的干部',
        en: 'Is an official you may see, too',
      },
      type: 'Boolean',
      sql: (row, w) => `exists (select 1 from ${cadres.table} o where o.person_id = ${row}.person_id
        and ${cadres.where('o').join(' and ')} and ${w.managed('o')})`,
    }),
  }),
});

builder.queryFields((t) => ({
  cadre: rootRow(t, {
    ...{
      grant,
      zh: '一名干部：按全局编号或公民身份号码',
      en: 'An official by id or identity number',
    },
    type: Cadre,
    args: {
      id: t.arg.id({ description: words('全局编号', 'Global id') }),
      idNumber: t.arg.string({
        description: words('公民身份号码；不写入日志', 'Identity number; never logged'),
      }),
    },
    rows: cadreById,
  }),
  cadres: pages(t, {
    ...{ grant, zh: '您可见的干部', en: 'Officials you may see', type: Cadre },
    source: cadres,
    filter: CadreFilter,
    total: cadreTotal,
    orderBy: { keys: CadreOrder, byDefault: 'NAME_ASC' },
  }),
}));
