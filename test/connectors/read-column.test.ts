import { expect, test } from 'vitest';
import { type CellRule, cellReader } from '../../connectors/kit/read-column.ts';

const codes = { item: { 工资薪金: 'wages', 稿酬: 'royalty' } };
const RULES: CellRule[] = [
  { type: 'text', required: false, multiline: true },
  { type: 'name', required: true },
  { type: 'code', codes: 'item', required: true },
  { type: 'money-yuan', required: false, min: 0, max: 50_000 },
  { type: 'date', required: false },
  { type: 'list', required: false },
] as CellRule[];

const CELLS: unknown[] = [
  '工资薪金',
  '稿酬',
  ' 稿酬 ',
  '彩票',
  '12.50',
  '12.5',
  '-1',
  '60000',
  '2024-02-29',
  '2024-02-30',
  '20240229',
  '',
  ' ',
  null,
  undefined,
  7,
  true,
  ['a', 'b'],
  ['a', ['b']],
  {},
  'a\u0000b',
  'a\nb',
  '长'.repeat(300),
  '__proto__',
];

test('a cell is read the same however many came before it, and however often it came', () => {
  const many = Array.from({ length: 3000 }, (_, n) =>
    n % 3 === 0 ? CELLS[n % CELLS.length] : `${n}.5`,
  );
  const often = Array.from({ length: 3000 }, (_, n) => CELLS[(n * 7) % CELLS.length]);
  for (const rule of RULES) {
    const fresh = (cell: unknown) => cellReader(rule, codes)(cell);
    for (const cells of [CELLS, often, many, [...many, ...often, ...CELLS]]) {
      const read = cellReader(rule, codes);
      expect(cells.map(read), rule.type).toEqual(cells.map(fresh));
    }
  }
});
