/** Economic-responsibility audits. */
import { deliveredBy } from '../feed/provenance.type.ts';
import { column, descending, many, ofPerson, type RowRef } from '../fields.ts';
import { closedList } from '../inputs.ts';
import { Cadre } from '../person/person.type.ts';
import { addFields, rowType } from '../row-types.ts';
import { facts } from '../sources.ts';
import { audit } from './audit.table.ts';

const AuditKind = closedList('AuditKind', ['审计类型', 'Kind of audit'], {
  leaving: ['离任审计', 'On leaving the post'],
  'in-office': ['任中审计', 'In office'],
});
const Responsibility = closedList('Responsibility', ['责任类型', 'Responsibility'], {
  direct: ['直接责任', 'Direct'],
  leading: ['领导责任', 'Of leadership'],
});
const AuditState = closedList('AuditState', ['整改状态', 'State of rectification'], {
  open: ['未整改', 'Open'],
  rectified: ['已整改', 'Rectified'],
  closed: ['已销号', 'Closed'],
});

const grant = 'audit.read';
const audits = facts(audit);

export const Audit: RowRef = rowType('Audit', {
  ...{ zh: '经济责任审计', en: 'An audit report or one of its findings' },
  source: audits,
  grant,
  fields: (t) => ({
    reportNo: column(t, audit.reportNo, { grant, zh: '报告文号', en: 'Report' }),
    findingNo: column(t, audit.findingNo, {
      grant,
      zh: '问题序号',
      en: 'Finding; null = the report',
    }),
    unitCode: column(t, audit.unitCode, { grant, zh: '单位代码', en: 'Unit code' }),
    periodFrom: column(t, audit.periodFrom, { grant, zh: '审计期间起', en: 'Period from' }),
    periodTo: column(t, audit.periodTo, { grant, zh: '审计期间止', en: 'Period to' }),
    kind: column(t, audit.kind, { grant, zh: '类型', en: 'Kind', type: AuditKind }),
    reportedOn: column(t, audit.reportedOn, { grant, zh: '报告日期', en: 'Reported on' }),
    category: column(t, audit.category, { grant, zh: '问题类别', en: 'Category' }),
    finding: column(t, audit.finding, { grant, zh: '问题', en: 'Finding' }),
    amount: column(t, audit.amountFen, { grant, zh: '金额（元）', en: 'Amount in yuan' }),
    responsibility: column(t, audit.responsibility, {
      ...{ grant, zh: '责任', en: 'Responsibility', type: Responsibility },
    }),
    dueOn: column(t, audit.dueOn, { grant, zh: '整改期限', en: 'Due on' }),
    state: column(t, audit.state, { grant, zh: '整改状态', en: 'State', type: AuditState }),
    delivered: deliveredBy(t, grant),
  }),
});

addFields([Cadre], (t) => ({
  audits: many(t, Audit, {
    ...{ grant, zh: '经济责任审计', en: 'Audits, newest first' },
    source: audits,
    ...ofPerson,
    // The report itself before its findings.
    orderBy: [
      descending('reported_on'),
      { sql: (row: string) => `coalesce(${row}.finding_no, '')` },
    ],
  }),
}));
