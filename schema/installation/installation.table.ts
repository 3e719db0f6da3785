/** What the whole database belongs to: one row. */
import { sql } from 'drizzle-orm';
import { boolean, check, pgPolicy, text, timestamp } from 'drizzle-orm/pg-core';
import { apiRole, hub, workerAll } from '../table-parts.ts';

/** Written by the first process that works on an empty database, and compared by every one after it. */
export const installation = hub.table(
  'installation',
  {
    isOnly: boolean('is_only').primaryKey().default(true),
    /** Keyed hash of a fixed word: tells one identity key from another, and nothing about either. */
    identityFingerprint: text('identity_fingerprint').notNull(),
    madeAt: timestamp('made_at', { withTimezone: true }).notNull(),
  },
  (t) => [
    check('installation_is_one', sql`${t.isOnly}`),
    pgPolicy('installation_known', { for: 'select', to: apiRole, using: sql`true` }),
    pgPolicy('installation_first', { for: 'insert', to: apiRole, withCheck: sql`true` }),
    workerAll('installation'),
  ],
);
