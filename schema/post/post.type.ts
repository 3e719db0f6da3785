/** Posts held. */
import { deliveredBy } from '../feed/provenance.type.ts';
import { column, descending, many, ofPerson, one, type RowRef } from '../fields.ts';
import { closedList } from '../inputs.ts';
import { Cadre } from '../person/person.type.ts';
import { addFields, rowType } from '../row-types.ts';
import { facts } from '../sources.ts';
import { Unit, units } from '../unit/unit.type.ts';
import { post } from './post.table.ts';

const RiskGrade = closedList('RiskGrade', ['岗位廉政风险等级', 'Integrity risk of a post'], {
  high: ['高', 'High'],
  medium: ['中', 'Medium'],
  low: ['低', 'Low'],
});

const grant = 'cadre.read';
const posts = facts(post);

export const Post: RowRef = rowType('Post', {
  ...{ zh: '任职', en: 'A post held' },
  source: posts,
  grant,
  fields: (t) => ({
    unit: one(t, Unit, {
      ...{ grant, zh: '单位', en: 'Unit' },
      source: units,
      on: (p, u) => `${u}.unit_code = ${p}.unit_code`,
    }),
    unitCode: column(t, post.unitCode, { grant, zh: '单位代码', en: 'Unit code' }),
    title: column(t, post.title, { grant, zh: '职务', en: 'Title' }),
    dutyCode: column(t, post.dutyCode, { grant, zh: '职责代码', en: 'Duty code' }),
    level: column(t, post.level, { grant, zh: '职务层次', en: 'Level (GB/T 12407)' }),
    isLeadingMember: column(t, post.isLeadingMember, {
      grant,
      zh: '领导成员',
      en: 'Leading member',
    }),
    isAuditSubject: column(t, post.isAuditSubject, {
      ...{ grant, zh: '经济责任审计对象', en: 'Subject of audit' },
    }),
    riskGrade: column(t, post.riskGrade, { grant, zh: '风险等级', en: 'Risk', type: RiskGrade }),
    startedOn: column(t, post.startedOn, { grant, zh: '任职日期', en: 'Started on' }),
    endedOn: column(t, post.endedOn, {
      grant,
      zh: '免职日期；在任为空',
      en: 'Ended on; null = held',
    }),
    rotationExemption: column(t, post.rotationExemption, {
      ...{ grant, zh: '免予交流批准文号', en: 'Exemption from rotation' },
    }),
    delivered: deliveredBy(t, grant),
  }),
});

addFields([Cadre], (t) => ({
  posts: many(t, Post, {
    ...{ grant, zh: '任职经历', en: 'Posts, newest first' },
    source: posts,
    ...ofPerson,
    orderBy: [descending('started_on')],
  }),
}));
