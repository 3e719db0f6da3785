/** Where data come from and how each delivery fared: batches, landed rows, records, quarantine. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgPolicy,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import {
  apiRole,
  askedRows,
  bytes,
  hub,
  Partitioned,
  signedInRows,
  verbatimJson,
  workerAll,
} from '../table-parts.ts';

const at = (name: string) => timestamp(name, { withTimezone: true });

/** One row per folder under connectors/, refreshed from its manifest at start. */
export const feed = hub.table(
  'feed',
  {
    feedId: text('feed_id').primaryKey(),
    titleZh: text('title_zh').notNull(),
    titleEn: text('title_en').notNull(),
    publisherZh: text('publisher_zh').notNull(),
    publisherEn: text('publisher_en').notNull(),
    agreementNo: text('agreement_no').notNull(),
    legalBasis: text('legal_basis').notNull(),
    purpose: text('purpose').notNull(),
    /** Days after which the newest data date counts as stale. */
    staleAfterDays: integer('stale_after_days').notNull(),
    /** Cron line (Asia/Shanghai) of its pull; PostgreSQL holds the truth, the queue is rebuilt from it. */
    schedule: text('schedule').notNull(),
    isEnabled: boolean('is_enabled').notNull().default(true),
    /** What the settings last said of the two: only what they say anew is taken from them. */
    setSchedule: text('set_schedule'),
    setEnabled: boolean('set_enabled'),
    /** Feeds that say who is in the population are pulled before the others; 0 comes first. */
    pullRank: smallint('pull_rank').notNull().default(0),
    /** Columns that hold identity numbers by any contract so far: their cells are always shown masked. */
    identityColumns: text('identity_columns').array().notNull().default(sql`'{}'`),
    /** Newest data date linked into the graph. */
    dataAsOf: date('data_as_of'),
    lastSyncedAt: at('last_synced_at'),
  },
  () => [...signedInRows('feed')],
);

/**
 * One accepted delivery. Its number is taken as it lands, one delivery of a feed after the other, so it
 * says in which order deliveries arrived that the department gave one date and sequence. The same bytes
 * for the same date and sequence are one batch, unless other bytes came under their name in between.
 */
export const batch = hub.table(
  'batch',
  {
    batchId: bigint('batch_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    feedId: text('feed_id')
      .notNull()
      .references(() => feed.feedId),
    /** The date the department cut the data; every fact of the batch is known from this date. */
    asOf: date('as_of').notNull(),
    /** Order of deliveries cut on the same date. */
    sequence: integer('sequence').notNull().default(1),
    /** full = a row that is missing has ended; delta = rows that are missing stay. */
    mode: text('mode').notNull(),
    payloadName: text('payload_name').notNull(),
    payloadDigest: text('payload_digest').notNull(),
    payloadBytes: bigint('payload_bytes', { mode: 'number' }).notNull(),
    /** {sheet: [column, …]} as delivered, without the columns dropped at the door. */
    header: jsonb('header').$type<Record<string, string[]>>().notNull(),
    /** Fact tables this batch speaks about; in full mode absence is judged per kind. */
    kinds: text('kinds').array().notNull(),
    /** landed → normalised → resolved → linked; refused = failed its assertions, nothing of it is used */
    state: text('state').notNull(),
    /** Why it was refused, for the clerk of the department. */
    refusedZh: text('refused_zh'),
    refusedEn: text('refused_en'),
    rowsLanded: integer('rows_landed').notNull().default(0),
    rowsRecorded: integer('rows_recorded').notNull().default(0),
    rowsQuarantined: integer('rows_quarantined').notNull().default(0),
    /** Rows that a later row of the same batch with the same key replaces. */
    rowsSuperseded: integer('rows_superseded').notNull().default(0),
    /** Some row names a person by a document or says whose a document is: work for resolve. */
    hasMentions: boolean('has_mentions').notNull().default(true),
    receivedAt: at('received_at').notNull(),
    linkedAt: at('linked_at'),
  },
  (t) => [
    index('batch_order').on(t.feedId, t.asOf, t.sequence, t.batchId),
    ...signedInRows('batch'),
  ],
);

/**
 * Every delivered row as it came, a page of rows of one sheet at a time (src/pipeline/land/pages.ts);
 * never changed, and by no policy seen by the API, which shows only rows copied beside what cites them.
 */
export const landedPage = hub.table(
  'landed_page',
  {
    landedOn: date('landed_on').notNull(),
    batchId: bigint('batch_id', { mode: 'number' }).notNull(),
    /** The rows of the page have the ordinals from here on. */
    firstOrdinal: integer('first_ordinal').notNull(),
    rowCount: integer('row_count').notNull(),
    sheet: text('sheet').notNull(),
    /** Of the rows: equal pages of a sheet say the same. */
    digest: uuid('digest').notNull(),
    /** One line of JSON per row, zstd: the cells in the order of `batch.header[sheet]`, or the object. */
    lines: bytes('lines').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.batchId, t.firstOrdinal, t.landedOn] }),
    workerAll('landed_page'),
  ],
);
export const landedPageParts = new Partitioned(landedPage, 'RANGE (landed_on)');

/** Rows that became no record, with a reason a clerk can act on. */
export const quarantine = hub.table(
  'quarantine',
  {
    batchId: bigint('batch_id', { mode: 'number' }).notNull(),
    ordinal: integer('ordinal').notNull(),
    feedId: text('feed_id').notNull(),
    reason: text('reason').notNull(),
    column: text('column'),
    messageZh: text('message_zh').notNull(),
    messageEn: text('message_en').notNull(),
    /** The row as it was delivered, copied from its page. */
    sheet: text('sheet'),
    cells: verbatimJson('cells'),
    /** open | replayed | dismissed */
    state: text('state').notNull().default('open'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.batchId, t.ordinal] }),
    index('quarantine_open').on(t.feedId, t.state),
    pgPolicy('quarantine_operator', {
      for: 'select',
      to: apiRole,
      using: sql`'operator' = any(string_to_array(current_setting('hub.roles', true), ','))`,
    }),
    workerAll('quarantine'),
  ],
);

/** One attempt to pull a feed. */
export const syncRun = hub.table(
  'sync_run',
  {
    syncRunId: uuid('sync_run_id').primaryKey(),
    feedId: text('feed_id')
      .notNull()
      .references(() => feed.feedId),
    /** running | done | failed | superseded */
    state: text('state').notNull(),
    step: text('step'),
    progress: integer('progress').notNull().default(0),
    requestedBy: text('requested_by').notNull(),
    startedAt: at('started_at').notNull(),
    endedAt: at('ended_at'),
    batches: integer('batches').notNull().default(0),
    rowsLanded: integer('rows_landed').notNull().default(0),
    rowsQuarantined: integer('rows_quarantined').notNull().default(0),
    /** Files in the feed's folder that are no deliveries of it; their names are in `drift`. */
    filesPassedOver: integer('files_passed_over').notNull().default(0),
    errorCode: text('error_code'),
    errorZh: text('error_zh'),
    errorEn: text('error_en'),
    /** What the publisher should hear of: columns that came or went, files passed over, deliveries refused. */
    drift: text('drift').array().notNull().default(sql`'{}'`),
  },
  (t) => [
    index('sync_run_recent').on(t.feedId, t.startedAt),
    ...signedInRows('sync_run'),
    askedRows('sync_run'),
  ],
);

/** Who holds a piece of work, until when, and under which fencing token. */
export const lease = hub.table(
  'lease',
  {
    name: text('name').primaryKey(),
    token: bigint('token', { mode: 'number' }).notNull(),
    holder: text('holder'),
    expiresAt: at('expires_at').notNull(),
  },
  () => [workerAll('lease')],
);

/**
 * Records of earlier batches whose person the resolve stage changed (a document became known, or its
 * holder was corrected): the link stage takes the fact from `personId` and clears the row.
 */
export const movedRecord = hub.table(
  'moved_record',
  {
    batchId: bigint('batch_id', { mode: 'number' }).notNull(),
    kind: text('kind').notNull(),
    recordKey: uuid('record_key').notNull(),
    personId: uuid('person_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.recordKey, t.personId, t.batchId] }), workerAll('moved_record')],
);

/** Document numbers and their holders, for rows that carry no ID number (tier T3). */
export const identifier = hub.table(
  'identifier',
  {
    mentionKey: uuid('mention_key').notNull(),
    personId: uuid('person_id').notNull(),
    nameFolded: text('name_folded').notNull(),
    batchId: bigint('batch_id', { mode: 'number' }).notNull(),
  },
  // One holder each; the key carries the person, by whom the table may be distributed.
  (t) => [primaryKey({ columns: [t.mentionKey, t.personId] }), workerAll('identifier')],
);
