/**
 * How officials are found and counted without looking at every one. A row policy stands before any
 * condition of a query that might tell something, so an index is used for `=` but never for LIKE, a
 * trigram or an array operator; therefore names are found by their pieces, and an equal piece. Written by
 * the link stage in the transaction that writes `person` (src/pipeline/link/search.ts).
 */
import { index, integer, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { hub, managedRows } from '../table-parts.ts';

/** Every piece of up to so many characters of a name has a row. */
export const LONGEST_PIECE = 3;
/** Pieces up to this length are counted, too: there are few, and each may be in many names. */
export const LONGEST_COUNTED = 2;

/** A piece of an official's name. Holds the whole name, so that pages by name come from its index. */
export const cadreName = hub.table(
  'cadre_name',
  {
    personId: uuid('person_id').notNull(),
    piece: text('piece').notNull(),
    name: text('name').notNull(),
    managedBy: smallint('managed_by').array().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.personId, t.piece] }),
    index('cadre_name_by_piece').on(t.piece, t.name, t.personId, t.managedBy),
    ...managedRows('cadre_name'),
  ],
);

/** How many officials the same authorities manage: in all, of a unit, with a piece in their name. */
export const cadreCount = hub.table(
  'cadre_count',
  {
    /** all | unit | piece */
    kind: text('kind').notNull(),
    /** Code of the unit, or the piece; empty for all. */
    key: text('key').notNull(),
    /** Of a unit, as its officials' rows have it; else empty. Units are found by it, too. */
    name: text('name').notNull().default(''),
    managedBy: smallint('managed_by').array().notNull(),
    /** 0 where nobody is left. */
    n: integer('n').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.kind, t.key, t.name, t.managedBy] }),
    ...managedRows('cadre_count'),
  ],
);
