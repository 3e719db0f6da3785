/** What the README tells a department is what the reader does: names, columns that may be absent, nested lists. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { NestedList } from '../../connectors/kit/describe-nested.ts';
import { type Connector, compareColumns, loadConnectors } from '../../connectors/kit/index.ts';
import { readName } from '../../src/transports/file-names.ts';
import { interpreted, type SampleRow, sampleRows, withCells } from './samples.ts';

const connectors = await loadConnectors();
const readme = ({ folder }: Connector) => readFileSync(join(folder, 'README.md'), 'utf8');

const nestedOf = async ({ folder }: Connector): Promise<readonly NestedList[]> => {
  const map = join(folder, 'map.ts');
  return existsSync(map) ? ((await import(pathToFileURL(map).href)).sections ?? []) : [];
};

describe.each([...connectors])('%s', (_, connector) => {
  const text = readme(connector);

  test('every file name it tells is accepted as it stands, for the sheet it stands for', async () => {
    const told = [...text.matchAll(/`([^`]*)_YYYY-MM-DD\[_n\]\.(\w+)`/g)];
    const isNested = (await nestedOf(connector)).length > 0;
    const sources = Object.values(connector.manifest.sheets).map(({ source }) => source);
    expect(told.map(([, stem, format]) => `${stem}.${format}`).sort()).toEqual(
      isNested
        ? sources.map((it) => `${it}.ndjson`).sort()
        : [
            ...sources.flatMap((it) => [`${it}.csv`, `${it}.ndjson`]),
            `${connector.id}.xlsx`,
          ].sort(),
    );
    for (const [, stem = '', format] of told) {
      for (const [place, sequence] of [
        ['2026-06-30', 1],
        ['2026-06-30_2', 2],
      ] as const) {
        const named = readName(connector, `${stem}_${place}.${format}`);
        expect(named).toMatchObject({ asOf: '2026-06-30', sequence, format });
        const source = named?.sheet && connector.manifest.sheets[named.sheet]?.source;
        expect(source).toBe(format === 'xlsx' ? undefined : stem);
      }
    }
    const examples = [...text.matchAll(/`([^`]*2026-06-30[^`]*\.(?:csv|ndjson|xlsx))`/g)];
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const [, name = ''] of examples) expect(readName(connector, name), name).toBeDefined();
  });

  test('every column it says may be absent may be, and no other', () => {
    const absent = [...text.matchAll(/可以没有这些列 These columns may be absent: (.*)/g)].flatMap(
      ([, list = '']) => [...list.matchAll(/“(.*?)”/g)].map(([, name]) => name),
    );
    const free = Object.values(connector.manifest.sheets).flatMap((sheet) => {
      const all = Object.keys(sheet.columns);
      return all.filter((name) => {
        const without = all.filter((other) => other !== name);
        return compareColumns(sheet, without).missing.length === 0;
      });
    });
    expect(absent).toEqual(free);
  });

  test('every nested column it tells is read so: required or not', async () => {
    const lists = await nestedOf(connector);
    const rows: SampleRow[] = [];
    for await (const row of sampleRows(connector)) rows.push(row);
    const nestedRows = [...text.matchAll(/^\| (\S+) +\| [^|]+\| (是 yes)? +\| [^|]*\|$/gm)];
    for (const { column, columns } of lists) {
      expect(text).toContain(`### ${column}\n`);
      const good = rows.find((row) => {
        const list = withCells(row, {}).cells[column];
        return Array.isArray(list) && list.length > 0 && 'records' in interpreted(connector, row);
      });
      if (good === undefined) throw new Error(`no good row with ${column} in the sample`);
      const [first, ...others] = withCells(good, {}).cells[column] as Record<string, unknown>[];
      for (const [name, { required = false }] of Object.entries(columns)) {
        const { [name]: _left, ...rest } = first ?? {};
        const result = connector.interpret(withCells(good, { [column]: [rest, ...others] }));
        const missing = { rejection: { reason: 'value.missing', column: `${column}.${name}` } };
        if (required) expect(result).toEqual(missing);
        else expect(result).toHaveProperty('records');
        const told = nestedRows.find(([, it]) => it === name);
        expect([name, told?.[2] !== undefined]).toEqual([name, required]);
      }
    }
  });
});
