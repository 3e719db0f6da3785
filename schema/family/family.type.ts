/** Family as declared, leading on to what the registers know about each relative. */

import { byResponseKey } from '../../src/read/index.ts';
import { deliveredBy } from '../feed/provenance.type.ts';
import { ascending, column, expression, many, ofPerson, orNull, type RowRef } from '../fields.ts';
import { maskedNumber } from '../person/masked.ts';
import { Cadre, Relative } from '../person/person.type.ts';
import { asDeclared } from '../person/relatives.ts';
import { addFields, rowType } from '../row-types.ts';
import { facts } from '../sources.ts';
import { kinship } from './family.table.ts';

const grant = 'family.read';
const kin = facts(kinship);

/** GB/T 4761-2008; the two digits that matter here, the rest by their first digit. */
const relationLabel = (zh: boolean) => {
  const label = (chinese: string, english: string) => `'${zh ? chinese : english}'`;
  return (row: string) => `case
    when ${row}.relation = '28' then ${label('女婿', 'son-in-law')}
    when ${row}.relation = '38' then ${label('儿媳', 'daughter-in-law')}
    when ${row}.relation ~ '^1' then ${label('配偶', 'spouse')}
    when ${row}.relation ~ '^2' then ${label('子', 'son')}
    when ${row}.relation ~ '^3' then ${label('女', 'daughter')}
    when ${row}.relation ~ '^5' then ${label('父母', 'parent')}
    when ${row}.relation ~ '^7' then ${label('兄弟姐妹', 'brother or sister')}
    else ${label('其他亲属', 'other relative')} end`;
};

export const FamilyMember: RowRef = rowType('FamilyMember', {
  ...{ zh: '家庭关系', en: 'A family relation as declared' },
  source: kin,
  grant,
  fields: (t) => ({
    relation: column(t, kinship.relation, { grant, zh: '关系代码', en: 'Relation (GB/T 4761)' }),
    relationZh: expression(t, {
      ...{ grant, zh: '关系', en: 'Relation in Chinese', type: 'String' },
      sql: relationLabel(true),
    }),
    relationEn: expression(t, {
      ...{ grant, zh: '关系（英文）', en: 'Relation in English', type: 'String' },
      sql: relationLabel(false),
    }),
    name: column(t, kinship.relativeName, { grant, zh: '姓名', en: 'Name' }),
    idNumberMasked: expression(t, {
      ...{ grant, zh: '公民身份号码（掩码）', en: 'Identity number, masked' },
      ...{ type: 'String', nullable: true },
      sql: (row) => maskedNumber(`${row}.relative_id_number`),
    }),
    bornOn: column(t, kinship.relativeBornOn, { grant, zh: '出生日期', en: 'Born on' }),
    isCoLiving: column(t, kinship.isCoLiving, {
      grant,
      zh: '共同生活',
      en: 'Lives in the household',
    }),
    validFrom: column(t, kinship.validFrom, { grant, zh: '关系起始', en: 'Since' }),
    validTo: column(t, kinship.validTo, { grant, zh: '关系终止', en: 'Until' }),
    person: t.field({
      ...{ grant, zh: '登记数据', en: 'What the registers know', type: Relative, nullable: true },
      resolve: byResponseKey,
      plan: {
        kind: 'row',
        rows: (p, r) => ({ from: `(${asDeclared(p)}) ${r}`, where: [], person: `${r}.person_id` }),
      },
    }),
    delivered: deliveredBy(t, grant),
  }),
});

addFields([Cadre], (t) => ({
  family: many(t, FamilyMember, {
    ...{ grant, zh: '家庭成员', en: 'Family', source: kin },
    ...ofPerson,
    orderBy: [ascending('relation'), orNull(ascending('relative_born_on'))],
  }),
}));
