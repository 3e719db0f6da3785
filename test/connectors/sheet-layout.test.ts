/** Titles above the header, totals below the rows, two people in one row: all of it in feed.yml. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseManifest } from '../../connectors/kit/check-manifest.ts';
import { defineFeed } from '../../connectors/kit/define-feed.ts';
import { type Connector, loadConnectors } from '../../connectors/kit/index.ts';
import { tablesWritten } from '../../connectors/kit/manifest.ts';
import { readCsv } from '../../connectors/kit/read-csv.ts';
import { deliveriesFrom } from '../../src/transports/index.ts';
import { listening, newFolder, put, take } from '../transports/feeds.ts';
import { interpreted, sampleRows } from './samples.ts';
import { inline, workbookOf } from './workbook.ts';

const FEEDS = fileURLToPath(new URL('./feeds', import.meta.url));
const homeSales = (await loadConnectors(FEEDS)).get('home-sales') as Connector;
const source = homeSales.manifest.sheets.sales?.source ?? '';
const sample = readFileSync(join(homeSales.folder, 'sample.csv'));

const sampleLines = async () => {
  const lines: string[][] = [];
  for await (const cells of readCsv(
    (async function* () {
      yield sample;
    })(),
    'utf-8',
  ))
    lines.push(cells);
  return lines;
};
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const asWorkbook = (lines: readonly string[][]) =>
  workbookOf(lines.map((cells) => inline(...cells.map(escaped))).join(''), { tabs: [source] });

async function delivered(name: string, content: string | Buffer, feed = homeSales) {
  const { context, heard } = listening();
  const path = put(newFolder(), name, content);
  const [taken] = await take(deliveriesFrom(feed, path, context));
  return { rows: taken?.rows ?? [], notes: heard.notes };
}
const results = (rows: Awaited<ReturnType<typeof delivered>>['rows']) =>
  rows.map((row) => interpreted(homeSales, row));

test('a workbook laid out by a clerk gives the same records as the sample, totals counted', async () => {
  const expected = [];
  for await (const row of sampleRows(homeSales)) expected.push(interpreted(homeSales, row));
  const book = await delivered('home-sales_2026-03-31.xlsx', asWorkbook(await sampleLines()));
  expect(results(book.rows)).toEqual(expected);
  const text = await delivered(`${source}_2026-03-31.csv`, sample);
  expect(results(text.rows)).toEqual(expected);
  for (const { notes } of [book, text]) {
    expect(notes).toEqual([`∑ ${source}: 表尾合计行 totals below the rows ×2`]);
  }
});

test('a row in the middle that begins like a total is a row like any other', async () => {
  const { rows } = await delivered(`${source}_2026-03-31.csv`, sample);
  const at = rows.findIndex(({ cells }) => Array.isArray(cells) && cells[0] === '合计用房');
  expect(at).toBeGreaterThan(0);
  expect(rows.length).toBeGreaterThan(at + 1);
  expect(results(rows)[at]).toHaveProperty('rejection');
});

test('totals of a sheet that agrees on none are rows, and wait in quarantine', async () => {
  const feed = withSheet({ totals: [] });
  const { rows, notes } = await delivered(`${source}_2026-03-31.csv`, sample, feed);
  expect(rows.map(({ cells }) => Object.values(cells)[0]).slice(-3)).toEqual([
    '合　计',
    '',
    '制表人：周测试',
  ]);
  expect(notes).toEqual([]);
});

test('titles without a header are refused, and a title that went missing shows in the columns', async () => {
  const lines = sample.toString().split('\r\n');
  const cut = `${lines.slice(0, 3).join('\r\n')}\r\n`;
  await expect(delivered(`${source}_2026-03-31.csv`, cut)).rejects.toMatchObject({
    code: 'source.columns-changed',
    details: { columns: `− ${source}: 表头 header` },
  });
  await expect(
    delivered('home-sales_2026-03-31.xlsx', asWorkbook([['表'], ['日期']])),
  ).rejects.toMatchObject({ code: 'source.columns-changed' });
  const without = lines.slice(1).join('\r\n');
  const { rows } = await delivered(`${source}_2026-03-31.csv`, without);
  expect(rows[0]?.header).not.toContain('不动产单元号');
});

type Change = Record<string, unknown>;
const yaml = () => parse(readFileSync(join(homeSales.folder, 'feed.yml'), 'utf8'));
function manifestWith(change: Change) {
  const content = yaml();
  Object.assign(content.sheets.sales, change);
  return parseManifest('home-sales', parse(stringify(content)));
}
function withSheet(change: Change): Connector {
  const manifest = manifestWith(change);
  return { ...homeSales, manifest, ...defineFeed(manifest) };
}

describe('one row, several records', () => {
  const rows = async () => (await delivered(`${source}_2026-03-31.csv`, sample)).rows;

  test('each person has a record of their own, with what they share and what is theirs', async () => {
    const [, second] = results(await rows());
    if (!second || !('records' in second)) throw new Error('no records');
    expect(second.records.map(({ person, body }) => [person?.name, body.sharePercent])).toEqual([
      ['张测试', '100'],
      ['李测试', '100'],
    ]);
    const [first, other] = second.records;
    expect({ ...first, key: [], person: null }).toEqual({ ...other, key: [], person: null });
    expect(first?.key).not.toEqual(other?.key);
  });

  test('records may be of different tables, each with its own key', () => {
    const [buyer, owner] = yaml().sheets.sales.records;
    const { sheets } = manifestWith({
      records: [buyer, { ...owner, record: 'declared_property', key: ['idNumber'] }],
    });
    expect(tablesWritten({ ...homeSales.manifest, sheets })).toEqual(
      new Set(['property', 'declared_property']),
    );
  });

  const [BUYER, OWNER] = yaml().sheets.sales.records;
  test.each<[string, Change, RegExp]>([
    [
      'a column that is not there',
      { records: [BUYER, { ...OWNER, when: '配偶' }] },
      /配偶, which is no column read/,
    ],
    [
      'a column with a field of its own',
      { records: [BUYER, { ...OWNER, columns: { ...OWNER.columns, 坐落: 'address' } }] },
      /坐落 has a field of its own/,
    ],
    [
      'a record without its person',
      { records: [BUYER, { ...OWNER, columns: { 共有人: 'ownerName' } }] },
      /key field idNumber needs/,
    ],
    [
      'a person who may be blank without `when`',
      { records: [BUYER, { columns: OWNER.columns }] },
      /needs a required/,
    ],
    ['one record only', { records: [BUYER] }, /records/],
    ['a column nobody reads', { records: undefined }, /key field idNumber needs/],
  ])('%s is refused when the hub starts', (_, change, reason) => {
    expect(() => manifestWith(change)).toThrow(reason);
  });
});
