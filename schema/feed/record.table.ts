/**
 * The record log: what the delivered rows say, typed, append only; every fact table is rebuilt from it.
 * It is kept by the page. A page of a delivery that says what a page said before, to the character, is
 * that page again: a batch is a list of pages, and its statements are their records (view `hub.stated`).
 */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { hub, workerAll } from '../table-parts.ts';

/** A landed page as it was interpreted. */
export const recordPage = hub.table(
  'record_page',
  {
    pageId: integer('page_id').primaryKey().generatedByDefaultAsIdentity(),
    /** Of the feed, how it is interpreted (code and manifest), the heading and the rows. */
    digest: uuid('digest').notNull(),
    sheet: text('sheet').notNull(),
    /** Kinds of its records. */
    kinds: text('kinds').array().notNull(),
    /** Some row names a person by a document or says whose a document is. */
    hasMentions: boolean('has_mentions').notNull(),
    /** [{row, reason, column}] of rows that became no record, counted from 0; null when there are none. */
    rejected: jsonb('rejected').$type<RejectedOfPage[]>(),
    /** The kind of a row's own record where that states the row's other records whole; null where rows are flat. */
    restates: text('restates'),
    /**
     * Latest day on which something of the page had happened; a page is only what it was in a delivery whose
     * data reach that day. A page with rows that lie ahead of their delivery is never another's.
     */
    latestOn: date('latest_on'),
    /** By kind, the fields whose values its bodies give, in this order. */
    fields: jsonb('fields').$type<Record<string, string[]>>().notNull(),
    /** What the records say, in the order of their slots: values without their names. */
    bodies: jsonb('bodies').notNull(),
  },
  (t) => [uniqueIndex('record_page_known').on(t.digest), workerAll('record_page')],
);
export type RejectedOfPage = { row: number; reason: string; column: string | null };

/**
 * Rows of full deliveries that could not be read, by the keys of the records they would have been, where
 * those could be read: such a row is there, so it does not end the fact it is about.
 */
export const unreadRecord = hub.table(
  'unread_record',
  {
    recordKey: uuid('record_key').notNull(),
    kind: text('kind').notNull(),
    pageId: integer('page_id').notNull(),
  },
  (t) => [
    index('unread_record_by_key').using('hash', t.recordKey),
    index('unread_record_of_page').on(t.pageId),
    workerAll('unread_record'),
  ],
);

/** Which pages a batch is made of. */
export const batchPage = hub.table(
  'batch_page',
  {
    batchId: bigint('batch_id', { mode: 'number' }).notNull(),
    /** Ordinal of the page's first row in this batch. */
    firstOrdinal: integer('first_ordinal').notNull(),
    pageId: integer('page_id').notNull(),
    /** Slots that a later row of this batch with the same key replaces; null when there are none. */
    superseded: integer('superseded').array(),
  },
  (t) => [
    primaryKey({ columns: [t.batchId, t.firstOrdinal] }),
    index('batch_page_of_page').on(t.pageId),
    workerAll('batch_page'),
  ],
);

/**
 * Where one record is found: by its key, by its page, by its person. No unique key: pages never
 * change, and a key per row would cost every delivery a fifth of its time. The body is in the page.
 */
export const record = hub.table(
  'record',
  {
    recordKey: uuid('record_key').notNull(),
    /** The person, or whatever else the fact is about. */
    personId: uuid('person_id').notNull(),
    digest: uuid('digest').notNull(),
    pageId: integer('page_id').notNull(),
    /** Place among the page's records: a row may give several (a declaration and its rows). */
    slot: integer('slot').notNull(),
    /** Row within the page, counted from 0. */
    row: smallint('row').notNull(),
    /** Name of the fact table. */
    kind: text('kind').notNull(),
    /**
     * A document number as a key: how the row names its person when it carries no ID number (T3), or,
     * on a `travel_document` record, the document whose holder it states.
     */
    mentionKey: uuid('mention_key'),
    /** Under which name the row has its person, folded; null where it gives none. */
    mentionName: text('mention_name'),
  },
  (t) => [
    index('record_by_key').using('hash', t.recordKey),
    index('record_of_page').on(t.pageId),
    index('record_by_mention').on(t.mentionKey).where(sql`mention_key is not null`),
    // Asked only when somebody enters the population. An entry per row would cost every delivery a
    // fifth of its time; a filter per stretch of rows costs nothing and says where to look.
    index('record_of_person')
      .using('brin', t.personId.op('uuid_bloom_ops'))
      .with({ pages_per_range: 16, autosummarize: true }),
    workerAll('record'),
  ],
);
