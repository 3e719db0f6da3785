/** Actors, what they may do, and the log of what they looked at. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  pgPolicy,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { apiRole, hub, Partitioned, workerAll } from '../table-parts.ts';

/** Rights come from this table, never from the token. */
export const actor = hub.table(
  'actor',
  {
    actorId: text('actor_id').primaryKey(),
    name: text('name').notNull(),
    /** Names of files in src/access/roles. */
    roles: text('roles').array().notNull(),
    /** Codes of `authority`: whose cadres this actor may see. */
    authorities: text('authorities').array().notNull(),
    isEnabled: boolean('is_enabled').notNull().default(true),
  },
  () => [
    pgPolicy('actor_self', { for: 'select', to: apiRole, using: sql`true` }),
    workerAll('actor'),
  ],
);

/** Whoever looks is logged: who, when, which operation, how many and which persons, outcome. */
export const accessLog = hub.table(
  'access_log',
  {
    entryNo: bigint('entry_no', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    actorId: text('actor_id').notNull(),
    operation: text('operation').notNull(),
    /** Why the actor looks; from the request. */
    purpose: text('purpose'),
    /** The person asked for by name or id; NO_PERSON for lists. */
    personId: uuid('person_id').notNull(),
    /** Objects handed out; null where the entry was written ahead of the answer about one person. */
    rows: integer('rows'),
    /** ok | refused | failed, with the error code */
    outcome: text('outcome').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.personId, t.at, t.entryNo] }),
    index('access_log_actor').on(t.actorId, t.at),
    pgPolicy('access_log_append', { for: 'insert', to: apiRole, withCheck: sql`true` }),
    workerAll('access_log'),
  ],
);

/** By month, so that what is past its time goes at once (src/audit/retain-log.ts). */
export const accessLogParts = new Partitioned(accessLog, 'RANGE (at)');
