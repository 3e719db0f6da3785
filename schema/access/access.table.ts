/** Actors, what they may do, and the log of what they looked at. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  pgPolicy,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { apiRole, hub, Partitioned, workerAll } from '../table-parts.ts';

const isAdministrator = `'administrator' = any(string_to_array(current_setting('hub.roles', true), ','))`;
const isSomebodyElse = `actor_id <> coalesce(current_setting('hub.actor', true), '')`;
/** Administrators change accounts, and nobody their own. */
const changesOthers = sql.raw(`${isAdministrator} and ${isSomebodyElse}`);

/** Rights come from this table, never from the token. Whatever changes it is told to every API at once. */
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
    /** First and last day on which the account opens anything. */
    validFrom: date('valid_from').notNull().default('-infinity'),
    validThrough: date('valid_through').notNull().default('infinity'),
  },
  () => [
    pgPolicy('actor_self', { for: 'select', to: apiRole, using: sql`true` }),
    pgPolicy('actor_enter', { for: 'insert', to: apiRole, withCheck: changesOthers }),
    pgPolicy('actor_change', {
      for: 'update',
      to: apiRole,
      using: changesOthers,
      withCheck: changesOthers,
    }),
    workerAll('actor'),
  ],
);

/**
 * What happened to an account, append only: who, when, why. What gives rights is proposed by one and
 * granted by another; the row that decides names the proposal. Columns hold what is added or taken.
 */
export const actorChange = hub.table(
  'actor_change',
  {
    changeNo: bigint('change_no', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    actorId: text('actor_id')
      .notNull()
      .references(() => actor.actorId),
    at: timestamp('at', { withTimezone: true }).notNull(),
    /** An administrator, or `console:<user>`: whoever typed the command on the installation's machine. */
    byId: text('by_id').notNull(),
    /** entered | proposed | declined | granted | revoked | disabled */
    kind: text('kind').notNull(),
    roles: text('roles').array().notNull(),
    authorities: text('authorities').array().notNull(),
    /** Null: not changed. */
    validFrom: date('valid_from'),
    validThrough: date('valid_through'),
    /** A disabled account opens again. */
    enables: boolean('enables').notNull().default(false),
    /** The proposal that this row decides. */
    proposalNo: bigint('proposal_no', { mode: 'number' }),
    reason: text('reason').notNull(),
  },
  (t) => [
    index('actor_change_of').on(t.actorId, t.changeNo),
    // Of two who decide at once, one does.
    uniqueIndex('actor_change_decided').on(t.proposalNo),
    pgPolicy('actor_change_read', {
      for: 'select',
      to: apiRole,
      using: sql.raw(isAdministrator),
    }),
    pgPolicy('actor_change_append', {
      for: 'insert',
      to: apiRole,
      withCheck: sql.raw(
        `${isAdministrator} and ${isSomebodyElse} and by_id = current_setting('hub.actor', true)`,
      ),
    }),
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
    /** Whose rows were handed out. */
    persons: uuid('persons').array().notNull().default(sql`'{}'`),
    /** The person the request named, where nothing of them was handed out. */
    askedFor: uuid('asked_for'),
    /**
     * Objects handed out. Null where the entry was written ahead of an answer that was expected to show
     * these persons: if it showed others, or none, the entry behind it says whom.
     */
    rows: integer('rows'),
    /** ok | refused | failed, with the error code */
    outcome: text('outcome').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.at, t.entryNo] }),
    index('access_log_actor').on(t.actorId, t.at),
    pgPolicy('access_log_append', { for: 'insert', to: apiRole, withCheck: sql`true` }),
    workerAll('access_log'),
  ],
);

/** By month, so that what is past its time goes at once (src/audit/retain-log.ts). */
export const accessLogParts = new Partitioned(accessLog, 'RANGE (at)');
