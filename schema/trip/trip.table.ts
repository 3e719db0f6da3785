/** Travel documents and border crossings; a trip pairs an exit with the next entry. */
import { bigint, boolean, date, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { factKey, hub, registerFact, registerRows } from '../table-parts.ts';

export const travelDocument = hub.table(
  'travel_document',
  {
    ...registerFact,
    /** passport | hk-macau-permit | taiwan-permit | official-passport | official-permit */
    kind: text('kind').notNull(),
    documentNo: text('document_no').notNull(),
    issuedOn: date('issued_on').notNull(),
    expiresOn: date('expires_on').notNull(),
    /** valid | cancelled | lost | surrendered */
    state: text('state').notNull(),
    endedOn: date('ended_on'),
  },
  (t) => [factKey(t), ...registerRows('travel_document')],
);

/** One half of a trip, as the border recorded it. */
export const crossing = hub.table(
  'crossing',
  {
    ...registerFact,
    documentNo: text('document_no').notNull(),
    documentKind: text('document_kind').notNull(),
    /** exit | entry */
    direction: text('direction').notNull(),
    crossedAt: timestamp('crossed_at', { withTimezone: true }).notNull(),
    port: text('port').notNull(),
    /** ISO 3166-1 alpha-3 of destination (exit) or origin (entry): HKG, MAC, TWN, JPN … */
    region: text('region'),
    transportNo: text('transport_no'),
  },
  (t) => [factKey(t), ...registerRows('crossing')],
);

/** Pairs of crossings as known today, rebuilt for the persons whose crossings changed. */
export const trip = hub.table(
  'trip',
  {
    ...registerFact,
    documentNo: text('document_no').notNull(),
    documentKind: text('document_kind').notNull(),
    region: text('region'),
    leftOn: date('left_on'),
    returnedOn: date('returned_on'),
    /** A private document was used. */
    isPrivate: boolean('is_private').notNull(),
    /** Where the other half is missing the trip is incomplete and no rule may read its length. */
    isComplete: boolean('is_complete').notNull(),
    exitCrossingId: uuid('exit_crossing_id'),
    entryCrossingId: uuid('entry_crossing_id'),
    entryBatchId: bigint('entry_batch_id', { mode: 'number' }),
    entryOrdinal: bigint('entry_ordinal', { mode: 'number' }),
  },
  (t) => [factKey(t), ...registerRows('trip')],
);
