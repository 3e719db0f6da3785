/** Economic-responsibility audits, one row per report and finding (a clean report has one row). */
import { bigint, date, text } from 'drizzle-orm/pg-core';
import { fact, factKey, hub, managedRows } from '../table-parts.ts';

export const audit = hub.table(
  'audit',
  {
    ...fact,
    reportNo: text('report_no').notNull(),
    /** Null on the row that stands for the report itself. */
    findingNo: text('finding_no'),
    unitCode: text('unit_code').notNull(),
    periodFrom: date('period_from').notNull(),
    periodTo: date('period_to').notNull(),
    /** leaving | in-office */
    kind: text('kind').notNull(),
    reportedOn: date('reported_on').notNull(),
    category: text('category'),
    finding: text('finding'),
    amountFen: bigint('amount_fen', { mode: 'bigint' }),
    /** direct | leading */
    responsibility: text('responsibility'),
    dueOn: date('due_on'),
    /** open | rectified | closed */
    state: text('state'),
  },
  (t) => [factKey(t), ...managedRows('audit')],
);
