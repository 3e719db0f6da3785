/** Posts held (任职经历). Tenure counts by duty: the same `dutyCode` in the same unit is one post. */
import { boolean, date, text } from 'drizzle-orm/pg-core';
import { fact, factKey, hub, managedRows } from '../table-parts.ts';

export const post = hub.table(
  'post',
  {
    ...fact,
    unitCode: text('unit_code').notNull(),
    title: text('title').notNull(),
    /** Same duty under a changed title keeps its code, so tenure does not restart. */
    dutyCode: text('duty_code').notNull(),
    level: text('level'),
    /** Leading member of a local party committee or government (交流工作规定 art. 5). */
    isLeadingMember: boolean('is_leading_member').notNull(),
    /** Subject of economic-responsibility audit (2019 规定 art. 4). */
    isAuditSubject: boolean('is_audit_subject').notNull(),
    /** high | medium | low; null = not graded */
    riskGrade: text('risk_grade'),
    startedOn: date('started_on').notNull(),
    endedOn: date('ended_on'),
    /** Written exception to rotation (e.g. 民族自治 approval), by number. */
    rotationExemption: text('rotation_exemption'),
  },
  (t) => [factKey(t), ...managedRows('post')],
);
