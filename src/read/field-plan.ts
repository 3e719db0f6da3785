/**
 * What a field says about the SQL that answers it. Schema types put one of these into
 * `extensions.plan`; the compiler knows nothing else about the domain. Every SQL text here comes
 * from this repository; what a caller sends reaches the statement only through `bind`.
 */
import type { Grant } from '../access/grants.ts';
import type { Secret } from '../base/secret.ts';

/** What values outside the request a bound argument may need when a plan runs. */
export type Runtime = { identityKey: Secret; today: string };
export type Transform = (value: unknown, runtime: Runtime) => string | null;

/** How a part of a global id is written: a uuid, digits, or a plain word. */
export type KeyType = 'uuid' | 'bigint' | 'text';

/** A table as a caller may see it: alias it, and add `where` to every use. */
export type Source = {
  /** `hub.property` */
  table: string;
  /** Columns that stand in the global id; they end every order, so that it is total. */
  keys: readonly { column: string; type: KeyType }[];
  /** Carries `managed_by`: the compiler writes the first wall into every use. */
  isManaged: boolean;
  /** Carries `kin_managed_by` as well. */
  isRegister: boolean;
  /** SQL of the person a row is about, where it is about one. */
  person?: (t: string) => string;
  /** What holds for every row of this type, e.g. that it is currently known. */
  where(t: string): readonly string[];
};

/** What a plan may use while its SQL is written. `path` leads into the field's arguments. */
export type Writer = {
  /** True if the argument was given and is not null. */
  has(...path: string[]): boolean;
  /** An argument that decides the shape of the statement: an enum value, a boolean, or an empty text. */
  choice(...path: string[]): unknown;
  /** A placeholder for an argument; the only way a value gets near the SQL. */
  bind(path: string[], transform?: Transform): string;
  /** The actor's id and the hub's date as placeholders. */
  readonly actorId: string;
  readonly today: string;
  /** The first wall for alias `t`; the row policy is the second. */
  managed(t: string): string;
  /** The same for a register's rows, which are seen through kinship, too. */
  registered(t: string): string;
  /** The field hangs on a relative: that the parent is seen says nothing of its facts. */
  readonly isFamily: boolean;
  /** Grants of the roles the statement is compiled for. */
  readonly grants: ReadonlySet<Grant>;
  alias(): string;
};

export type Rows = {
  /** A table with alias `t`, or a derived table with alias `t`. */
  from: string;
  where: readonly string[];
  orderBy?: string;
  /** SQL of the person each row is about, unless that is the parent's, who is named there already. */
  person?: string;
};

export type Order = {
  sql(t: string, w: Writer): string;
  isDescending?: boolean;
  /** May be null; such rows come last, whichever the direction. */
  isNullable?: boolean;
};

/** How the rows of a connection belong to the parent's row, and what they are sorted by. */
export type Within = {
  where(parent: string, t: string, w: Writer): readonly string[];
  order: readonly Order[];
  /** Rows of the very person in the parent's row. */
  isOfParent: boolean;
};

export type FieldPlan =
  /** One JSON value of the parent's row. */
  | { kind: 'value'; sql(t: string, w: Writer): string }
  /** Another view of the parent's row: an object without a table of its own. */
  | { kind: 'same-row' }
  /** One object or null. */
  | { kind: 'row'; rows(parent: string, t: string, w: Writer): Rows }
  /** A list; its argument `first` bounds it. */
  | { kind: 'rows'; rows(parent: string, t: string, w: Writer): Rows }
  /**
   * Pages over one source, at the root or `within` a parent's row, with a total order and a count of
   * visible rows. `total` is the SQL of that count where it is known without counting, for the filter the
   * request has.
   */
  | {
      kind: 'connection';
      source: Source;
      within?: Within;
      total?(w: Writer): string | undefined;
    }
  /** Any object by its global id. */
  | { kind: 'node' }
  | { kind: 'nodes' };

/** Extensions of output fields. `plan` is missing where a resolver of its own answers. */
export type FieldExtensions = { grant: Grant; plan?: FieldPlan };
/** Extensions of the input fields of a filter: the grant of what it reads, and its condition. */
export type FilterExtensions = {
  grant: Grant;
  where(t: string, w: Writer, path: string[]): string;
  /**
   * For a filter that may pass a handful of rows or most of them, which PostgreSQL cannot know when it
   * plans: `when` tells cheaply that there are very many, and `where` is the filter in a form that no index
   * serves, so that rows are walked in the order of the page and the first ones taken.
   */
  whereMany?: { when(w: Writer, path: string[]): string; where: FilterExtensions['where'] };
};
/** Extensions of the values of a sort key. */
export type OrderExtensions = { grant: Grant; order: readonly Order[] };
/** Extensions of object types: nothing of the type, not even that one exists, without its grant. */
export type TypeExtensions = {
  grant: Grant;
  source?: Source;
  /** A relative: what hangs on it is seen through kinship, row by row. */
  isFamily?: boolean;
};
/** Extensions of connections and their edges, which are no objects of their own. */
export type PageExtensions = { isPage: boolean };
