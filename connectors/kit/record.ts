/** What a connector makes of one delivered row. */

/** A typed statement for one fact table; `body` has the table's own columns, camelCase. */
export type FactRecord = {
  /** Name of the fact table (its Drizzle property name in snake case, e.g. `declared_property`). */
  kind: string;
  /** Values that identify the fact, already folded by `keyForm`. */
  key: readonly string[];
  person: PersonMention | null;
  /** What the fact is about where that is no person: a company, a unit. */
  subject?: SubjectMention;
  body: Readonly<Record<string, JsonValue>>;
  /** Others in the body (a relative, a company): field that receives the key ← how it is named. */
  mentions?: Readonly<Record<string, PersonMention | SubjectMention>>;
};

/** By what a record is known, whatever it says. */
export type RecordIdentity = Pick<FactRecord, 'kind' | 'key'>;

/** How the row names a person. `number` is canonical. */
export type PersonMention = {
  scheme: 'resident-id' | 'travel-document';
  number: string;
  name: string | null;
};

/** How the row names what is no person; the scheme is its kind, e.g. `company`. `number` is canonical. */
export type SubjectMention = { scheme: string; number: string };

/** Money and areas are strings of digits (分, 0.01 m²): no float ever holds an amount. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[];

/** Why a row became no record. Codes are a closed list; `column` is the delivered column's name. */
export type Rejection = {
  reason: RejectionReason;
  column: string | null;
};

export const REJECTION_REASONS = [
  'value.missing',
  'value.not-a-date',
  'value.in-future',
  'value.not-a-number',
  'value.unknown-code',
  'value.bad-check-digit',
  'value.malformed',
  'value.undecodable',
  'value.too-long',
  'value.control-character',
  'row.shape',
  'row.contradicts',
  'person.unknown',
  'person.name-differs',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

export type RowResult = { records: FactRecord[] } | { rejection: Rejection };

/** A delivered row: sheet name and its cells by delivered column name (JSON feeds: the object). */
export type DeliveredRow = { sheet: string; cells: Readonly<Record<string, unknown>> };

/** map.ts exports this as default when YAML cannot say it (nested objects, one row → many facts). */
export type MapRow = (row: TypedRow, kit: MapKit) => RowResult;
export type TypedRow = {
  sheet: string;
  values: Readonly<Record<string, JsonValue>>;
  raw: DeliveredRow;
  /** What feed.yml alone makes of the row; null when its sheet names no `record`. */
  record: FactRecord | null;
};
export type MapKit = {
  /** Reads a nested value with a column type; throws a Rejection that the engine turns into quarantine. */
  read(
    raw: unknown,
    type: import('./manifest.ts').ColumnType,
    column: string,
    options?: ReadOptions,
  ): JsonValue;
  keyForm(value: unknown): string;
  /** Sends the row to quarantine. */
  reject(reason: RejectionReason, column: string | null): never;
};
export type ReadOptions = {
  required?: boolean;
  codes?: string;
  /** A date that may lie ahead, as in feed.yml. */
  ahead?: boolean;
};
