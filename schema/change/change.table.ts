/** What the link stage changed, for the nights: whom to look at again. */
import { bigint, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { hub, workerAll } from '../table-parts.ts';

/** Subjects whose facts changed since a correlation run last looked. */
export const changedSubject = hub.table(
  'changed_subject',
  {
    /**
     * One number per linked batch, rising in the order of commits: whoever saw a number has seen
     * every smaller one, so "greater than the newest I saw" never misses a change.
     */
    changeNo: bigint('change_no', { mode: 'number' }).notNull().generatedByDefaultAsIdentity(),
    /** person, company, unit … as in the fact tables' keys. */
    subject: text('subject').notNull(),
    subjectId: uuid('subject_id').notNull(),
    batchId: bigint('batch_id', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.changeNo, t.subjectId] }), workerAll('changed_subject')],
);
