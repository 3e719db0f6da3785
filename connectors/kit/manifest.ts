/**
 * The shape of feed.yml: the contract with one department, in data. Read once, checked completely;
 * an unknown key is an error, so a misspelt setting cannot be silently ignored.
 */
import { z } from 'zod';

const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

/**
 * How a cell is read. `resident-id` and `travel-document` identify people: such a column's value
 * never leaves the graph in a log, a key or a cursor.
 */
export const COLUMN_TYPES = [
  'text',
  'name',
  'resident-id',
  'travel-document',
  'uscc',
  'plate',
  'vin',
  'real-estate-unit',
  'date',
  'month',
  'date-or-month',
  'timestamp',
  'year',
  'integer',
  'decimal',
  'money-yuan',
  'money-wan-yuan',
  'boolean',
  'code',
  'list',
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

const field = z.string().regex(/^[a-z][A-Za-z0-9]*$/);

const column = z.strictObject({
  /** Field of the record; the same name as the fact table's column. */
  field: field.optional(),
  type: z.enum(COLUMN_TYPES).default('text'),
  /** An empty cell sends the row to quarantine. */
  required: z.boolean().default(false),
  /** For `code`: name of a list under `codes`. Unknown members go to quarantine, never to a default. */
  codes: z.string().optional(),
  /** Bounds of an `integer` or `decimal`; also what keeps it within the SQL type. */
  min: z.number().optional(),
  max: z.number().optional(),
  /**
   * A date that may lie ahead, such as the end of a term. Any other date is of something that had
   * happened when the department cut the data; one that had not sends the row to quarantine.
   */
  ahead: z.boolean().default(false),
  /** A text may run over several lines; without it a line break returns the row. */
  multiline: z.boolean().default(false),
  /** Says who the row is about, but is no column of the fact table: left out of the body. */
  mention: z.boolean().default(false),
  /** Known and deliberately not used; still landed. */
  ignore: z.boolean().default(false),
  /** Dropped before anything is stored: a complainant's identity. */
  drop: z.boolean().default(false),
  /** What the department must put here, for the documentation. */
  note: bilingual.optional(),
});
export type Column = z.infer<typeof column>;

const naming = z.strictObject({
  /** What is named: `company`, `unit` …, as the fact table's column `company_id` says. */
  kind: z.string().regex(/^[a-z][a-z_]*$/),
  /** Lists of fields; the first that is filled in names it: [[uscc], [name, address]]. */
  by: z.array(z.array(z.string()).min(1)).min(1),
});
export type Naming = z.infer<typeof naming>;

/** One of the records that every row becomes; what it does not say is as the sheet says. */
const record = z.strictObject({
  record: z.string().optional(),
  key: z.array(z.string()).optional(),
  person: z.string().optional(),
  personName: z.string().optional(),
  subject: naming.optional(),
  mentions: z.record(field, naming).optional(),
  /** Delivered column → field of this record. Columns no record names belong to all of them. */
  columns: z.record(z.string(), field),
  /**
   * Delivered column without which the row has no such record: a buyer without a co-owner. A row that
   * fills in other columns of the record and not this one is returned.
   */
  when: z.string().optional(),
  /** Delivered columns that must be filled in where the record exists. */
  required: z.array(z.string()).default([]),
});

const sheet = z.strictObject({
  /** The fact table this sheet's rows become, unless map.ts says otherwise. */
  record: z.string().optional(),
  /** Fact tables map.ts makes of its rows besides, e.g. of nested lists. */
  furtherRecords: z.array(z.string()).default([]),
  /**
   * A row states its further records whole: what the next row with its key no longer has, has ended. For
   * a form with lists in it, of which a correction is the whole form again.
   */
  restates: z.boolean().default(false),
  /**
   * The department's own name for it: how its file names begin, its worksheet, its resource on the
   * sharing platform or its exchange table, whichever way the installation has agreed to.
   */
  source: z.string(),
  /**
   * Fields that identify the fact: the same key again is a correction, not a second fact. The subject
   * of the row is part of the key by itself, so its own sheet may need no more: [].
   */
  key: z.array(z.string()),
  /** Field with the ID number or document number of the person this row is about. */
  person: z.string().optional(),
  /** Field with that person's name: must agree when the person is found by document number (T3). */
  personName: z.string().optional(),
  /** What the row is about where that is no person. */
  subject: naming.optional(),
  /** Field of the record that receives the key of another subject ← how the row names it. */
  mentions: z.record(field, naming).optional(),
  /** Rows above the header: a title, the date, the unit of amounts. Blank rows are not counted. */
  titleRows: z.int().min(0).max(20).default(0),
  /** How the first cell of rows below the last begins: 合计, 制表人. Counted, and no records. */
  totals: z.array(z.string().min(1)).default([]),
  /** Two or more records of every row, e.g. of both spouses; one when absent. */
  records: z.array(record).min(2).optional(),
  /** Delivered column name → how to read it. */
  columns: z.record(z.string(), column),
});
export type Sheet = z.infer<typeof sheet>;

export const manifest = z.strictObject({
  feed: z.string().regex(/^[a-z][a-z-]*$/),
  title: bilingual,
  publisher: bilingual,
  agreementNo: z.string(),
  legalBasis: z.string(),
  purpose: z.string(),
  /** Days after which the newest data date counts as stale; rules reading it become not checkable. */
  staleAfterDays: z.int().positive(),
  /** Cron line, Asia/Shanghai. */
  schedule: z.string(),
  /** full: a missing row has ended. delta: missing rows stay as they were. */
  mode: z.enum(['full', 'delta']),
  /** What to do when columns differ from the contract. */
  drift: z.strictObject({
    added: z.enum(['warn', 'stop']),
    missing: z.enum(['stop', 'quarantine']),
  }),
  assert: z.strictObject({
    rowsMin: z.int().nonnegative(),
    /** Share of rows in quarantine above which nothing of the delivery is used. */
    badRowsOver: z.number().min(0).max(1),
    /** full mode: share of yesterday's rows that must still be there (an empty file deletes nobody). */
    keepShare: z.number().min(0).max(1).optional(),
  }),
  sheets: z.record(z.string(), sheet),
  /** Closed lists: delivered value → canonical code. */
  codes: z.record(z.string(), z.record(z.string(), z.string())).default({}),
});
export type Manifest = z.infer<typeof manifest>;

/** The fact tables a feed's rows become, as its manifest says. */
export const tablesWritten = ({ sheets }: Manifest): Set<string> =>
  new Set(
    Object.values(sheets).flatMap(({ record, furtherRecords, records = [] }) => [
      ...[record, ...records.map((one) => one.record)].filter((kind) => kind !== undefined),
      ...furtherRecords,
    ]),
  );
