import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareColumns, dropSealed, loadConnectors } from '../../connectors/kit/index.ts';

const income = new URL('../../connectors/income/', import.meta.url);
const yaml = readFileSync(new URL('feed.yml', income), 'utf8');

const folderWith = (feeds: Record<string, string>, map?: string): string => {
  const root = mkdtempSync(join(tmpdir(), 'hub-connectors-'));
  for (const [name, content] of Object.entries(feeds)) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'feed.yml'), content);
    if (map !== undefined) writeFileSync(join(root, name, 'map.ts'), map);
  }
  return root;
};

const change = (from: string, to: string): string => {
  if (!yaml.includes(from)) throw new Error(`nothing to change: ${from}`);
  return yaml.replace(from, to);
};

test('a feed is found by its folder alone', async () => {
  const found = await loadConnectors(folderWith({ income: yaml }));
  expect([...found.keys()]).toEqual(['income']);
  const all = await loadConnectors();
  expect([...all.keys()]).toEqual([...all.keys()].sort());
  expect(all.has('kit')).toBe(false);
});

test('two feeds of one name refuse to start', async () => {
  const folder = folderWith({ income: yaml, 'income-again': yaml });
  await expect(loadConnectors(folder)).rejects.toMatchObject({
    code: 'feed.doubled',
    details: { feed: 'income' },
  });
});

test.each([
  ['an unknown setting', change('mode: delta', 'mode: delta\nretries: 3')],
  ['a misspelt setting of a column', change('mention: true,', 'mentoin: true,')],
  ['an unknown column type', change('type: year', 'type: yaer')],
  ['a setting written twice', change('mode: delta', 'mode: delta\nmode: full')],
  ['a list of codes that is not there', change('codes: item,', 'codes: items,')],
  ['a code without its list', change('type: code, codes: item,', 'type: code,')],
  ['a key field without a column', change('[idNumber, taxYear,', '[idNumber, fiscalYear,')],
  [
    'a key field that may be blank',
    change('taxYear, type: year, required: true', 'taxYear, type: year'),
  ],
  ['a person without a number', change('person: idNumber', 'person: name')],
  ['a name without a column', change('personName: name', 'personName: holder')],
  [
    'a column that is neither read nor ignored',
    change('税务机关: { ignore: true }', '税务机关: {}'),
  ],
  ['two columns of one field', change('税务机关: { ignore: true }', '税务机关: { field: name }')],
  [
    'a range on a text',
    change('field: payerName, type: text', 'field: payerName, type: text, max: 3'),
  ],
  ['a dropped column while unknown ones are let in', change('{ ignore: true }', '{ drop: true }')],
  ['no YAML', 'feed: ['],
  ['nothing', ''],
])('%s refuses to start', async (_, content) => {
  await expect(loadConnectors(folderWith({ income: content }))).rejects.toMatchObject({
    code: 'feed.manifest-invalid',
    details: { feed: 'income' },
  });
});

test('a folder without feed.yml, or with a map.ts that maps nothing, refuses to start', async () => {
  const root = mkdtempSync(join(tmpdir(), 'hub-connectors-'));
  mkdirSync(join(root, 'empty'));
  await expect(loadConnectors(root)).rejects.toMatchObject({ code: 'feed.manifest-invalid' });
  const folder = folderWith({ income: yaml }, 'export const nothing = 1;');
  await expect(loadConnectors(folder)).rejects.toMatchObject({ code: 'feed.manifest-invalid' });
});

test('a new feed needs a folder and no code', async () => {
  const root = mkdtempSync(join(tmpdir(), 'hub-connectors-'));
  cpSync(income, join(root, 'pension'), { recursive: true });
  writeFileSync(join(root, 'pension', 'feed.yml'), change('feed: income', 'feed: pension'));
  const pension = (await loadConnectors(root)).get('pension');
  const columns = Object.keys(pension?.manifest.sheets.income?.columns ?? {});
  expect(columns).toContain('收入额');
  expect(pension?.interpret({ sheet: 'income', cells: {} })).toEqual({
    rejection: { reason: 'value.missing', column: '纳税人识别号' },
  });
  expect(pension?.interpret({ sheet: 'unknown', cells: {} })).toEqual({
    rejection: { reason: 'row.shape', column: null },
  });
});

const sheetOf = async (feed: string, sheet: string) => {
  const found = (await loadConnectors()).get(feed)?.manifest.sheets[sheet];
  if (found === undefined) throw new Error(`no sheet ${sheet}`);
  return found;
};

test('B9 a column that appears, disappears, is renamed or doubled is named; a moved one is none', async () => {
  const sheet = await sheetOf('income', 'income');
  const header = Object.keys(sheet.columns);
  const none = { added: [], missing: [], doubled: [] };
  expect(compareColumns(sheet, header.toReversed())).toEqual(none);
  expect(compareColumns(sheet, [...header, '新增列', '__proto__'])).toEqual({
    ...none,
    added: ['新增列', '__proto__'],
  });
  expect(
    compareColumns(
      sheet,
      header.filter((name) => name !== '收入额'),
    ),
  ).toEqual({
    ...none,
    missing: ['收入额'],
  });
  expect(
    compareColumns(
      sheet,
      header.map((name) => (name === '收入额' ? '收入' : name)),
    ),
  ).toEqual({
    ...none,
    added: ['收入'],
    missing: ['收入额'],
  });
  expect(compareColumns(sheet, [...header, '收入额'])).toEqual({ ...none, doubled: ['收入额'] });
  // Nobody misses a column that is not read.
  expect(
    compareColumns(
      sheet,
      header.filter((name) => name !== '税务机关'),
    ),
  ).toEqual(none);
});

test('B9 moved columns are read by name, and a row that does not line up is not read', async () => {
  const connector = (await loadConnectors()).get('income');
  const header = Object.keys(connector?.manifest.sheets.income?.columns ?? {});
  const id = '99990119680315002X';
  const cells = [
    id,
    '张测试',
    '2024',
    '工资薪金',
    '甲',
    '11999901MB00000012',
    '1',
    '',
    '',
    '是',
    '',
    '',
  ];
  const straight = connector?.interpreter('income', header)(cells);
  expect(straight).toHaveProperty('records');
  const turned = connector?.interpreter('income', header.toReversed())(cells.toReversed());
  expect(turned).toEqual(straight);
  for (const ragged of [cells.slice(1), [...cells, '']]) {
    expect(connector?.interpreter('income', header)(ragged)).toEqual({
      rejection: { reason: 'row.shape', column: null },
    });
  }
});

test('a sealed column is gone from header and cells, however its name is typed', async () => {
  const sheet = await sheetOf('petition', 'petitions');
  const header = ['案件编号', '举报人 姓名', '举报人电话', '结论', '举报人电话'];
  expect(dropSealed(sheet, header, ['1', '甲', '199', '属实', '188'])).toEqual({
    header: ['案件编号', '结论'],
    cells: ['1', '属实'],
  });
  expect(dropSealed(sheet, header, ['1', '甲', '199', '属实', '188', '多']).cells).toEqual([]);
  const object = dropSealed(sheet, ['案件编号', '举报人姓名'], { 案件编号: '1', 举报人姓名: '甲' });
  expect(object).toEqual({ header: ['案件编号'], cells: { 案件编号: '1' } });
});
