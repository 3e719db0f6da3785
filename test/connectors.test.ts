/**
 * Walks every feed under connectors/: the sample is the test. A new feed needs no code here; write
 * its sample, run with `-u`, and read what expected.json then says.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { describeFeed, type Examples } from '../connectors/kit/describe-feed.ts';
import {
  type Connector,
  loadConnectors,
  recordSheets,
  type Sheet,
} from '../connectors/kit/index.ts';
import type { Column } from '../connectors/kit/manifest.ts';
import { FACT_TABLES } from '../schema/fact-tables.ts';
import { prettyJson } from './connectors/pretty-json.ts';
import {
  driftOf,
  interpreted,
  landed,
  type SampleRow,
  sampleRows,
  withCells,
} from './connectors/samples.ts';

/** Feeds that show what no department of the county needs. */
const SHOWN = fileURLToPath(new URL('./connectors/feeds', import.meta.url));
const connectors = new Map([...(await loadConnectors()), ...(await loadConnectors(SHOWN))]);

const rowsOf = async (connector: Connector): Promise<SampleRow[]> => {
  const rows: SampleRow[] = [];
  for await (const row of sampleRows(connector)) rows.push(landed(connector, row));
  return rows;
};

type Named = [string, Column];
const readColumns = (sheet: Sheet): Named[] =>
  Object.entries(sheet.columns).filter(([, column]) => !column.ignore && !column.drop);

/** The first good row of each sheet, to be spoiled one cell at a time. */
const goodRows = (connector: Connector, rows: SampleRow[]): [Sheet, SampleRow][] =>
  Object.entries(connector.manifest.sheets).map(([name, sheet]) => {
    const row = rows.find(
      (candidate) => candidate.sheet === name && 'records' in interpreted(connector, candidate),
    );
    if (row === undefined) throw new Error(`no good row in the sample for ${name}`);
    return [sheet, row];
  });

/** For each column the first cell of a good row of the sample that is not blank. */
const examplesFrom =
  (connector: Connector, rows: SampleRow[]): Examples =>
  (sheet, column) => {
    const cells = rows
      .filter((row) => row.sheet === sheet && 'records' in interpreted(connector, row))
      .map((row) => withCells(row, {}).cells[column]);
    const cell = cells.find((value) => value !== null && value !== undefined && value !== '');
    return Array.isArray(cell) ? cell.join('、') : String(cell ?? '');
  };

/** What the sample must show going wrong, as far as the feed has such columns. */
const uglyOf = ({ manifest }: Connector): string[] => {
  const columns = Object.values(manifest.sheets)
    .flatMap(readColumns)
    .map(([, settings]) => settings);
  const some = (reason: string, has: (settings: (typeof columns)[number]) => unknown) =>
    columns.some(has) ? [reason] : [];
  return [
    ...some('value.missing', ({ required }) => required),
    ...some('value.not-a-date', ({ type }) => type === 'date'),
    ...some('value.unknown-code', ({ type }) => type === 'code'),
  ];
};

const fullWidth = (text: string): string =>
  text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));

describe.each([...connectors])('%s', (_, connector) => {
  test('the sample becomes exactly the expected records and rejections', async () => {
    const rows = await rowsOf(connector);
    const results = rows.map((row) => ({ sheet: row.sheet, ...interpreted(connector, row) }));
    await expect(prettyJson(results)).toMatchFileSnapshot(join(connector.folder, 'expected.json'));
    expect(rows.length).toBeGreaterThanOrEqual(20);
    const reasons = new Set(results.map((r) => ('rejection' in r ? r.rejection.reason : 'good')));
    expect([...reasons]).toEqual(expect.arrayContaining(['good', ...uglyOf(connector)]));
  });

  test('the README says what feed.yml accepts', async () => {
    const readme = join(connector.folder, 'README.md');
    const examples = examplesFrom(connector, await rowsOf(connector));
    const map = join(connector.folder, 'map.ts');
    const { sections = [] } = existsSync(map) ? await import(pathToFileURL(map).href) : {};
    await expect(describeFeed(connector.manifest, examples, sections)).toMatchFileSnapshot(readme);
  });

  test('every column that is read has a meaning a department understands', () => {
    for (const sheet of Object.values(connector.manifest.sheets)) {
      for (const [column, { note }] of readColumns(sheet)) {
        expect(note !== undefined || /\p{Script=Han}/u.test(column), column).toBe(true);
      }
    }
  });

  test('B9 the sample has every column of the contract and no other', async () => {
    for await (const row of sampleRows(connector)) {
      if (row.header.length === 0) continue;
      const drift = driftOf(connector, row);
      expect(drift?.added).toEqual([]);
      expect(drift?.doubled).toEqual([]);
      // An object may leave out what it has nothing to say about.
      if (Array.isArray(row.cells)) expect(drift?.missing).toEqual([]);
    }
  });

  test('a row read twice, and read by name or by place, is the same record', async () => {
    for (const row of await rowsOf(connector)) {
      const once = interpreted(connector, row);
      expect(interpreted(connector, row)).toEqual(once);
      if (!Array.isArray(row.cells) || row.cells.length !== row.header.length) continue;
      expect(connector.interpret(withCells(row, {}))).toEqual(once);
    }
  });

  test('B10 an unknown category is refused by name and never falls into a default', async () => {
    for (const [sheet, row] of goodRows(connector, await rowsOf(connector))) {
      for (const [column, { type }] of readColumns(sheet)) {
        if (type !== 'code' && type !== 'boolean') continue;
        for (const word of ['从未约定的类别', 'other', '__proto__', 'constructor']) {
          expect(connector.interpret(withCells(row, { [column]: word }))).toEqual({
            rejection: { reason: 'value.unknown-code', column },
          });
        }
      }
    }
  });

  test('a required cell that is blank is refused by name; any other may be blank', async () => {
    for (const [sheet, row] of goodRows(connector, await rowsOf(connector))) {
      for (const [column, { required }] of readColumns(sheet)) {
        for (const blank of ['', ' 　', null, undefined]) {
          const result = connector.interpret(withCells(row, { [column]: blank }));
          const missing = { rejection: { reason: 'value.missing', column } };
          if (required) expect(result).toEqual(missing);
          else expect(result).toHaveProperty('records');
        }
      }
    }
  });

  test('B11 poison in any cell is refused, whatever the column expects', async () => {
    for (const [sheet, row] of goodRows(connector, await rowsOf(connector))) {
      for (const [column] of readColumns(sheet)) {
        for (const poison of ['a\0', '\ufffd', '\ud800', 'x'.repeat(1_000_000), { a: 1 }]) {
          const result = connector.interpret(withCells(row, { [column]: poison }));
          expect(result).toHaveProperty('rejection.column', column);
        }
        const extra = withCells(row, JSON.parse('{"__proto__":{"a":1},"x":"y"}'));
        expect(connector.interpret(extra)).toEqual(interpreted(connector, row));
      }
    }
  });

  test('identifiers typed in full width and lower case give the same fact', async () => {
    const identifiers = new Set(['resident-id', 'travel-document', 'uscc', 'vin', 'plate']);
    for (const [sheet, row] of goodRows(connector, await rowsOf(connector))) {
      for (const [column, { type }] of readColumns(sheet)) {
        const cell = withCells(row, {}).cells[column];
        if (!identifiers.has(type) || typeof cell !== 'string') continue;
        const typed = withCells(row, { [column]: ` ${fullWidth(cell.toLowerCase())}　` });
        expect(connector.interpret(typed)).toEqual(interpreted(connector, row));
      }
    }
  });

  test('bodies have only columns of their fact table, and all that must not be null', async () => {
    for (const row of await rowsOf(connector)) {
      const result = interpreted(connector, row);
      if (!('records' in result)) continue;
      for (const { kind, body, mentions, subject } of result.records) {
        expect([kind, subject?.scheme ?? 'person']).toEqual([kind, FACT_TABLES.get(kind)?.subject]);
        const columns = FACT_TABLES.get(kind)?.columns ?? [];
        const fields = columns.map(({ field }) => field);
        const given = { ...body, ...mentions };
        expect([kind, Object.keys(given).filter((field) => !fields.includes(field))]).toEqual([
          kind,
          [],
        ]);
        const required = columns.filter(({ isRequired }) => isRequired).map(({ field }) => field);
        expect([kind, required.filter((field) => (given[field] ?? null) === null)]).toEqual([
          kind,
          [],
        ]);
      }
    }
  });

  test('what must not be null in the fact table is required of the department', () => {
    const sheets = Object.entries(connector.manifest.sheets).flatMap(([name, sheet]) =>
      recordSheets(sheet).map((one) => [name, one] as const),
    );
    for (const [name, sheet] of sheets) {
      const promised = readColumns(sheet)
        .filter(([, column]) => column.required || column.type === 'list')
        .map(([, column]) => column.field);
      // A company and the like is named by several columns together.
      promised.push(...sheet.key.filter((field) => sheet.mentions?.[field]));
      const columns = FACT_TABLES.get(sheet.record ?? '')?.columns ?? [];
      const open = columns.filter((c) => c.isRequired && !promised.includes(c.field));
      expect([name, open.map(({ field }) => field)]).toEqual([name, []]);
    }
  });

  test('nothing that is marked for dropping is kept, however ragged the row', async () => {
    for await (const row of sampleRows(connector)) {
      expect(JSON.stringify(landed(connector, row))).not.toMatch(/不得保存|举报人|反映内容/);
    }
    if (connector.id === 'petition') {
      expect(readFileSync(join(connector.folder, 'sample.csv'), 'utf8')).toContain('不得保存');
    }
  });
});
