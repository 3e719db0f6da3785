import { expect, test } from 'vitest';
import { withCitedRows } from '../../src/pipeline/land/cite-rows.ts';
import { PAGE_COLUMNS, pageWriter } from '../../src/pipeline/land/pages.ts';
import { loadRows } from '../../src/pipeline/load.ts';
import { testDatabase } from '../harness/database.ts';

const database = testDatabase();
const jsonOf = (n: number, text = '') =>
  JSON.stringify([`${n}`, `tab\t line\n \u0000 𠮷 \\N ${text}`, String((n * 7919) % 100_003)]);

async function* linesOf(batchId: number, rows: readonly [sheet: string, json: string][]) {
  const pages = pageWriter({ batchId, landedOn: '2026-06-30' });
  for (const [sheet, json] of rows) {
    const full = pages.add(sheet, json);
    if (full !== '') yield full;
  }
  yield pages.rest();
}

const rowsOf = (numbers: readonly number[]): [string, string][] =>
  numbers.map((n) => ['a', jsonOf(n)]);
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index);

async function digestsOf(rows: readonly [string, string][]): Promise<string[]> {
  const digests: string[] = [];
  for await (const lines of linesOf(1, rows)) {
    for (const line of lines.split('\n').slice(0, -1)) digests.push(line.split('\t')[5] ?? '');
  }
  return digests;
}

test('C9 a row cited from the middle of a page comes out as it was delivered, to the character', async () => {
  const worker = (await database.get()).as('worker', 2);
  const rows = [...rowsOf(upTo(3000)), ['b', jsonOf(3000)], ['b', '{"x":null}']] as const;
  await worker.begin(async (tx) => {
    const lines = linesOf(7, rows as unknown as [string, string][]);
    await loadRows(tx, { table: 'landed_page', columns: PAGE_COLUMNS, batchId: 7, lines });
    const cited = await withCitedRows(
      tx,
      `values (7::bigint, 1), (7, 1500), (7, 1500), (7, 3000), (7, 3001), (7, 3002), (7, 3003), (8, 1)`
        .replace(/^/, 'select column1 as batch_id, column2 as ordinal from (')
        .concat(') v'),
      () => tx`select ordinal, sheet, cells::text as json from cited order by ordinal`,
    );
    expect([...cited]).toEqual(
      [1, 1500, 3000, 3001, 3002].map((ordinal) => {
        const [sheet, json] = rows[ordinal - 1] ?? [];
        return { ordinal, sheet, json };
      }),
    );
  });
});

test('a row that comes, goes or changes leaves the pages behind it as they were', async () => {
  const before = await digestsOf(rowsOf(upTo(20_000)));
  expect(before.length).toBeGreaterThan(20_000 / 512);
  expect(before.length).toBeLessThan(20_000 / 64);
  const gone = await digestsOf(rowsOf(upTo(20_000).filter((n) => n !== 5000)));
  const changed = await digestsOf(
    rowsOf(upTo(20_000)).map((row, n) => (n === 9000 ? ['a', jsonOf(n, 'changed')] : row)),
  );
  for (const after of [gone, changed]) {
    const known = new Set(before);
    expect(after.filter((digest) => !known.has(digest)).length).toBeLessThanOrEqual(3);
  }
});
