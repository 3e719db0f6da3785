/**
 * Petitions and complaints (信访举报) about a person. Nothing here, nor in landing, says who
 * complained: those columns are dropped before a row is stored (检举控告工作规则 art. 47).
 */
import { boolean, date, smallint, text } from 'drizzle-orm/pg-core';
import { fact, factKey, hub, managedRows } from '../table-parts.ts';

export const petition = hub.table(
  'petition',
  {
    ...fact,
    caseNo: text('case_no').notNull(),
    /** letter | visit | call | web | sms */
    channel: text('channel').notNull(),
    isNamed: boolean('is_named').notNull(),
    /** Unit of the person complained about, at the time. */
    unitCode: text('unit_code'),
    receivedOn: date('received_on').notNull(),
    acceptedOn: date('accepted_on'),
    dueOn: date('due_on'),
    /** property | company | travel | appointment | conduct | funds | other */
    category: text('category').notNull(),
    /** 0–5: how concrete the content is. */
    specificity: smallint('specificity'),
    /** Case this one repeats; a repeat is not a second, independent complaint. */
    duplicateOf: text('duplicate_of'),
    /** talk | preliminary-check | shelved | closed */
    disposal: text('disposal'),
    /** true | partly-true | untrue | not-established */
    conclusion: text('conclusion'),
    concludedOn: date('concluded_on'),
  },
  (t) => [factKey(t), ...managedRows('petition')],
);
