/**
 * Pulls from a front-end database: exchange tables that the department fills and this hub only
 * reads. A delivery counts once it is sealed and holds as many rows as its seal says; until then it
 * is not there. Rows are read in one snapshot, spooled, and the connection is given back.
 */

import { HubError } from '../base/errors.ts';
import type { DatabaseSource } from '../base/feed-settings.ts';
import { postgres } from '../platform/driver.ts';
import {
  byPlace,
  type Cells,
  type Delivery,
  type Feed,
  type PullContext,
  refusedDelivery,
} from './delivery.ts';
import { type NamedSheet, namedSheets } from './sheet-names.ts';
import { openSpool, type Spool } from './spool.ts';

type Sealed = { asOf: string; sequence: number; rows: number };
type Header = {
  sheet: string;
  table: string;
  columns: readonly string[];
  /** Columns of JSON: what is nested in them is handed on nested. */
  nested: ReadonlySet<string>;
};

const ROWS_AT_ONCE = 2000;
const STATEMENT_MS = 120_000;
const PLACE_COLUMNS = ['as_of', 'sequence', 'row_no'];
/** Wrong password, no such database, schema, table, column, or no right to read it. */
const REFUSED = /^(28...|3D000|3F000|42501|42P01|42703)$/;

const connectReadOnly = ({ databaseUrl, schema }: DatabaseSource) =>
  postgres(databaseUrl.reveal(), {
    max: 1,
    connect_timeout: 10,
    onnotice: () => undefined,
    connection: {
      application_name: 'integrity-hub-exchange',
      search_path: schema,
      default_transaction_read_only: true,
      statement_timeout: STATEMENT_MS,
      timezone: 'Asia/Shanghai',
    },
  });
type Client = ReturnType<typeof connectReadOnly>;

function asSourceError(feed: string, error: unknown): HubError {
  if (error instanceof HubError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!REFUSED.test(code))
    return new HubError('source.unavailable', { feed, fault: 'database' }, error);
  const setting = `feeds.${feed}.databaseUrl`;
  return new HubError('source.refused', { feed, status: code, setting }, error);
}

const listSealed = (sql: Client, feed: string) => sql<Sealed[]>`
  select as_of::text as "asOf", sequence::int as sequence, rows::int as rows
  from exchange_delivery where feed = ${feed} and sealed_at is not null`;

/** The delivered columns of each table, in the order the department made them. */
async function readHeaders(
  sql: Client,
  { feed, schema, sheets }: { feed: string; schema: string; sheets: NamedSheet[] },
) {
  const headers: Header[] = [];
  for (const { sheet, name: table } of sheets) {
    const found = await sql<{ name: string; type: string }[]>`
      select column_name::text as name, data_type::text as type
      from information_schema.columns
      where table_schema = ${schema} and table_name = ${table} order by ordinal_position`;
    const columns = found.map(({ name }) => name).filter((it) => !PLACE_COLUMNS.includes(it));
    if (columns.length === 0) {
      throw new HubError('source.columns-changed', { feed, columns: `− ${table}` });
    }
    const nested = found.filter(({ type }) => type === 'json' || type === 'jsonb');
    headers.push({ sheet, table, columns, nested: new Set(nested.map(({ name }) => name)) });
  }
  return headers;
}

/** Every row as one line `[sheet, cell, …]`, tables in feed.yml's order, rows in row_no order. */
async function spoolWhole(
  sql: Client,
  headers: Header[],
  { asOf, sequence, rows: sealedRows }: Sealed,
  { spool, feed }: { spool: Spool; feed: string },
) {
  await sql.begin('isolation level repeatable read read only', async (tx) => {
    for (const { sheet, table, columns } of headers) {
      // Aliases c0, c1 …: a delivered column name is never a property name of ours.
      const cells = columns.map((name, at) => tx`${tx(name)}::text as ${tx(`c${at}`)}`);
      const list = cells.reduce((all, one) => tx`${all}, ${one}`);
      const rows = tx`select ${list} from ${tx(table)}
        where as_of = ${asOf} and sequence = ${sequence} order by row_no`;
      for await (const block of rows.cursor(ROWS_AT_ONCE)) {
        for (const row of block) {
          await spool.write(JSON.stringify([sheet, ...columns.map((_, at) => row[`c${at}`])]));
        }
      }
    }
  });
  const { digest, bytes, lines } = await spool.seal();
  if (lines !== sealedRows) throw new HubError('source.truncated', { feed });
  return { digest, bytes };
}

async function* spooledRows(spool: Spool, headers: Header[]) {
  const headerOf = new Map(headers.map((header) => [header.sheet, header]));
  for await (const line of spool.lines()) {
    const [sheet, ...cells] = JSON.parse(line) as [string, ...(string | null)[]];
    const header = headerOf.get(sheet);
    if (header === undefined) continue;
    yield { sheet, header: header.columns, cells: rowOf(header, cells) };
  }
}

const rowOf = ({ columns, nested }: Header, cells: (string | null)[]): Cells =>
  nested.size === 0
    ? cells
    : Object.fromEntries(
        columns.map((name, at) => [name, nested.has(name) ? parsed(cells[at]) : cells[at]]),
      );

/** The server vouches for the JSON of a JSON column. */
const parsed = (text: string | null | undefined): unknown => JSON.parse(text ?? 'null');

/** The sealed deliveries this hub does not have yet, oldest first. */
export async function* pullFrontEnd(
  feed: Feed,
  source: DatabaseSource,
  context: PullContext,
): AsyncGenerator<Delivery> {
  const sql = connectReadOnly(source);
  const fromSource = <T>(work: PromiseLike<T>): Promise<T> =>
    Promise.resolve(work).catch((error: unknown) => {
      throw asSourceError(feed.id, error);
    });
  try {
    const sheets = namedSheets(feed, source.tables);
    const sealed = await fromSource(listSealed(sql, feed.id));
    const headers = await fromSource(
      readHeaders(sql, { sheets, feed: feed.id, schema: source.schema }),
    );
    for (const one of [...sealed].sort(byPlace)) {
      const { asOf, sequence } = one;
      const place = { name: `${feed.id}_${asOf}_${sequence}`, asOf, sequence };
      const spool = await openSpool(feed.id, source.maxBytes, context.spoolFolder);
      try {
        const read = await fromSource(
          spoolWhole(sql, headers, one, { spool, feed: feed.id }),
        ).catch((error: unknown) => refusedDelivery(place, error));
        if (await context.known({ ...place, digest: read.digest })) continue;
        const rows = () => spooledRows(spool, headers);
        yield 'sheets' in read
          ? read
          : { ...place, ...read, sheets: { [Symbol.asyncIterator]: rows } };
      } finally {
        await spool.close();
      }
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
}
