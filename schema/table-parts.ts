/**
 * What every table of the hub is made of. A *fact* is one statement of a department about one
 * subject: who (`personId`, or `companyId`, `unitId` … where it is about no person), which (`id`,
 * stable over corrections), when the hub was told (`knownFrom`–`knownTo`, half open; 'infinity' =
 * still so) and by which delivered row (`batchId`, `ordinal`). Facts are written by the link stage
 * only. What a table is about is said once: by the first column of its key.
 */
import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  customType,
  date,
  integer,
  type PgTable,
  pgPolicy,
  pgRole,
  pgSchema,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core';

export const hub = pgSchema('hub');

/** The API's database role: not the owner, bound by row policies. */
export const apiRole = pgRole('hub_api').existing();
/** The workers' role: writes the graph, cannot change tables. */
export const workerRole = pgRole('hub_worker').existing();

export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
});

/** JSON kept byte for byte as written (landing); `jsonb` would reorder and reject \u0000. */
export const verbatimJson = customType<{ data: unknown; driverData: string }>({
  dataType: () => 'json',
});

/** Which fact, since when, and who told it. `digest` is the record's, so unchanged rows are skipped. */
const told = {
  id: uuid('id').notNull(),
  knownFrom: date('known_from').notNull(),
  knownTo: date('known_to').notNull().default('infinity'),
  feedId: text('feed_id').notNull(),
  batchId: bigint('batch_id', { mode: 'number' }).notNull(),
  ordinal: integer('ordinal').notNull(),
  digest: uuid('digest').notNull(),
};

const subjectId = (kind: string) => uuid(`${kind}_id`).notNull();
type SubjectId<Kind extends string> = Record<`${Kind}Id`, ReturnType<typeof subjectId>>;

/** Columns a fact about a person begins with. Whoever manages the person sees it, nobody else. */
export const fact = {
  personId: subjectId('person'),
  ...told,
  /** Authorities that manage the person by their own right; empty for mere relatives. */
  managedBy: smallint('managed_by').array().notNull(),
};

/** Seen through kinship as well: a second column, a second grant. */
export const kinSight = {
  /**
   * Authorities of the officials in whose family the person stands, as far as what they declared
   * agrees with the name below; null where there are none.
   */
  kinManagedBy: smallint('kin_managed_by').array(),
};

/**
 * Columns of a fact that a register holds of whoever it names (homes, incomes, trips …): the family of
 * an official is checked by it, so it is also seen through kinship. A table says so by these columns and
 * \`registerRows\`; one that says \`fact\` and \`managedRows\` (declarations, posts, audits …) is never seen so.
 */
export const registerFact = {
  ...fact,
  ...kinSight,
  /** The name under which the register has the person, folded; null where it gives none. */
  registeredName: text('registered_name'),
};

/**
 * Columns a fact about a company, a unit or another subject that is no person begins with:
 * `factAbout('company')` has `companyId`, the key under which every feed finds that company. A person
 * table with a column of the same name ties its persons to the company: when the company changes,
 * they are looked at again.
 */
export const factAbout = <Kind extends string>(kind: Kind): SubjectId<Kind> & typeof told => ({
  ...({ [`${kind}Id`]: subjectId(kind) } as SubjectId<Kind>),
  ...told,
});

type KeyColumns = { id: AnyPgColumn; knownFrom: AnyPgColumn };

/** A fact's key begins with the person, so that the table can be distributed by person. */
export const factKey = (t: KeyColumns & { personId: AnyPgColumn }) => factKeyOf(t.personId, t);

/** The same for a subject that is no person: `factKeyOf(t.companyId, t)`. */
export const factKeyOf = (subject: AnyPgColumn, t: KeyColumns) =>
  primaryKey({ columns: [subject, t.id, t.knownFrom] });

/**
 * The actor's authorities; null (nobody signed in) makes every policy false. Read as one array
 * literal: splitting the list costs a tenth of a profile's time, once per table. The sub-select is
 * read once per scan; without it the setting is looked up and parsed for every row, which doubles the
 * time of a scan. A distributed server refuses sub-selects in policies: `migrations/always.sql` takes
 * this one away there.
 */
const authoritiesOf = (setting: string) =>
  `(select ('{' || current_setting('${setting}', true) || '}')::smallint[])`;
/** Says nothing about the row, so PostgreSQL asks it once per scan as it is. */
const actorPresent = sql.raw(`coalesce(current_setting('hub.actor', true), '') <> ''`);

/**
 * `coalesce` changes no answer (the column is never null); it hides `&&` from the planner, which
 * otherwise expects one row in a hundred and reads whole tables instead of an index.
 */
const managedIn = (column: string, setting: string) =>
  `coalesce(${column} && ${authoritiesOf(setting)}, false)`;
const managed = sql.raw(managedIn('managed_by', 'hub.authorities'));
/** Own authority first: where it holds, the other is not even looked up. */
export const managedOrKin = sql.raw(
  `(${managedIn('managed_by', 'hub.authorities')} or ${managedIn('kin_managed_by', 'hub.kin_authorities')})`,
);

/**
 * Rows of persons managed by one of the actor's authorities. Commands of the API may also `append`
 * rows or `write` (update) them, within the same authorities.
 */
export const managedRows = (table: string, also?: 'append' | 'write') => [
  pgPolicy(`${table}_managed`, { for: 'select', to: apiRole, using: managed }),
  ...(also === 'append'
    ? [pgPolicy(`${table}_append`, { for: 'insert', to: apiRole, withCheck: managed })]
    : []),
  ...(also === 'write'
    ? [
        pgPolicy(`${table}_write`, {
          for: 'update',
          to: apiRole,
          using: managed,
          withCheck: managed,
        }),
      ]
    : []),
  workerAll(table),
];

/**
 * The same, and for actors who may read families the rows they see through kinship. The setting is
 * empty for everybody else (src/access/actor.ts).
 */
export const registerRows = (table: string) => [
  pgPolicy(`${table}_managed`, { for: 'select', to: apiRole, using: managedOrKin }),
  workerAll(table),
];

/** Rows about no person: any signed-in actor may read them (fields still carry grants). */
export const signedInRows = (table: string) => [
  pgPolicy(`${table}_signed_in`, { for: 'select', to: apiRole, using: actorPresent }),
  workerAll(table),
];

/** What an actor asks of the workers, in the actor's own name; it waits until one takes it up. */
export const askedRows = (table: string) =>
  pgPolicy(`${table}_asked`, {
    for: 'insert',
    to: apiRole,
    withCheck: sql.raw(`state = 'queued' and requested_by = current_setting('hub.actor', true)`),
  });

/** Workers read and write every row; the API's role has no policy here, so it sees none. */
export const workerAll = (table: string) =>
  pgPolicy(`${table}_worker`, {
    for: 'all',
    to: workerRole,
    using: sql`true`,
    withCheck: sql`true`,
  });

/**
 * A table that PostgreSQL keeps in partitions, exported beside it: `npm run migration` writes
 * `PARTITION BY <by>` behind its CREATE TABLE. Its key must hold the columns of `by`. The partitions
 * themselves are made by the code that knows when, or by a migration written by hand.
 */
export class Partitioned {
  readonly table: PgTable;
  readonly by: string;
  constructor(table: PgTable, by: `${'RANGE' | 'LIST' | 'HASH'} (${string})`) {
    this.table = table;
    this.by = by;
  }
}
