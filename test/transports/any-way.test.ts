/** A feed is the same whichever way an installation has chosen: files, signed HTTP, exchange tables. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connector, loadConnectors } from '../../connectors/kit/index.ts';
import type { SourceSettings } from '../../src/base/feed-settings.ts';
import { Secret } from '../../src/base/secret.ts';
import { postgres } from '../../src/platform/driver.ts';
import { pull } from '../../src/transports/index.ts';
import { interpreted, sampleRows, withCells } from '../connectors/samples.ts';
import { testDatabase } from '../harness/database.ts';
import { startLyingSource } from '../harness/feed-server.ts';
import { listening, newFolder, put, take } from './feeds.ts';

type Row = Record<string, unknown>;
/** Rows of a delivery by sheet. */
type Rows = Map<string, Row[]>;

const database = testDatabase();
const connectors = await loadConnectors();
const AS_OF = '2026-06-30';
const shared = { isEnabled: true, schedule: undefined, maxBytes: 10_000_000 };

const platform = await startLyingSource();
let department: ReturnType<typeof postgres>;
beforeAll(async () => {
  department = postgres((await database.get()).url.reveal(), { max: 1 });
});
afterAll(() => Promise.all([platform.close(), department.end()]));

/** What of the sample every way can carry: rows that line up, without what no server stores. */
async function sampleOf(connector: Connector): Promise<Rows> {
  const rows: Rows = new Map(Object.keys(connector.manifest.sheets).map((sheet) => [sheet, []]));
  for await (const row of sampleRows(connector)) {
    const { cells, header, sheet } = row;
    const isShapeless = Array.isArray(cells) && cells.length !== header.length;
    if (isShapeless || /\\u0000|\\ud[89a-f]/.test(JSON.stringify(cells))) continue;
    rows.get(sheet)?.push(withCells(row, {}).cells);
  }
  return rows;
}

const columnsOf = (rows: readonly Row[]) => [...new Set(rows.flatMap((row) => Object.keys(row)))];
const isNested = (rows: readonly Row[]) =>
  rows.some((row) => Object.values(row).some((cell) => typeof cell === 'object' && cell !== null));
const source = (connector: Connector, sheet: string) =>
  connector.manifest.sheets[sheet]?.source ?? '';

const csv = (rows: readonly Row[]): string => {
  const columns = columnsOf(rows);
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
  const quoted = (cell: unknown) => `"${String(cell).replaceAll('"', '""')}"`;
  return `${lines.map((line) => line.map(quoted).join(',')).join('\r\n')}\r\n`;
};

function asFiles(connector: Connector, rows: Rows): SourceSettings {
  const folder = newFolder();
  for (const [sheet, list] of rows) {
    const name = `${source(connector, sheet)}_${AS_OF}`;
    if (!isNested(list)) put(folder, `${name}.csv`, csv(list));
    else put(folder, `${name}.ndjson`, list.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  return { ...shared, kind: 'file-drop', folder, format: undefined, charset: 'utf-8' };
}

function asPages(connector: Connector, rows: Rows): SourceSettings {
  const bySource = new Map([...rows].map(([sheet, list]) => [source(connector, sheet), list]));
  platform.answer(({ url }) => {
    const [, name = '', isList] = decodeURIComponent(url.pathname).split('/');
    const list = bySource.get(name) ?? [];
    const lines = list.map((row) => `${JSON.stringify(row)}\n`).join('');
    const sha256 = createHash('sha256').update(lines).digest('hex');
    const [page, size] = [Number(url.searchParams.get('page')), 7];
    const place = { asOf: AS_OF, sequence: 1, total: list.length };
    const data = isList
      ? [{ ...place, sha256 }]
      : { ...place, page, rows: list.slice((page - 1) * size, page * size) };
    return { do: 'serve', body: JSON.stringify({ code: '0', data }) };
  });
  return {
    ...shared,
    kind: 'signed-http',
    baseUrl: platform.url,
    requester: 'us',
    service: undefined,
    resources: {},
    pageSize: 7,
    secret: new Secret('secret of this test'),
    network: 'intranet',
    allowsHttp: false,
  };
}

async function asTables(connector: Connector, rows: Rows): Promise<SourceSettings> {
  const schema = `exchange_${connector.id.replace('-', '_')}`;
  await department.unsafe(`create schema ${schema}; set search_path = ${schema};
    create table exchange_delivery (feed text, as_of date, sequence int, rows int, sealed_at timestamptz)`);
  for (const [sheet, list] of rows) {
    const columns = columnsOf(list).map((name) => {
      const nested = isNested(list.map((row) => ({ cell: row[name] })));
      return `"${name}" ${nested ? 'jsonb' : 'text'}`;
    });
    const table = `"${source(connector, sheet)}"`;
    await department.unsafe(
      `create table ${table} (as_of date, sequence int, row_no int, ${columns.join(', ')})`,
    );
    for (const [at, row] of list.entries()) {
      await department.unsafe(
        `insert into ${table} select $1, 1, $2, r.* from json_to_record($3::text::json) as r (${columns.join(', ')})`,
        [AS_OF, at, JSON.stringify(row)],
      );
    }
  }
  const count = [...rows.values()].reduce((sum, list) => sum + list.length, 0);
  await department`insert into exchange_delivery values (${connector.id}, ${AS_OF}, 1, ${count}, now())`;
  const { url: databaseUrl } = await database.get();
  return { ...shared, kind: 'front-end-database', databaseUrl, schema, tables: {} };
}

/** What the rows become, sheet by sheet. */
async function resultsOf(connector: Connector, settings: SourceSettings) {
  const results = new Map<string, unknown[]>();
  for (const { rows } of await take(pull(connector, settings, listening().context))) {
    for (const row of rows) {
      results.set(row.sheet, [...(results.get(row.sheet) ?? []), interpreted(connector, row)]);
    }
  }
  return Object.fromEntries(results);
}

test.each([...connectors])(
  '%s gives the same records from files, from signed HTTP and from exchange tables',
  async (_, connector) => {
    const rows = await sampleOf(connector);
    const fromFiles = await resultsOf(connector, asFiles(connector, rows));
    for (const [sheet, list] of rows) expect(fromFiles[sheet]).toHaveLength(list.length);
    expect(JSON.stringify(fromFiles)).toContain('"records"');
    expect(await resultsOf(connector, asPages(connector, rows))).toEqual(fromFiles);
    expect(await resultsOf(connector, await asTables(connector, rows))).toEqual(fromFiles);
  },
);
