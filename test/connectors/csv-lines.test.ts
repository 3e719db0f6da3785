/** Rows that stray quotes run together, and cells in which somebody wrote a row, are never believed. */
import { describe, expect, test } from 'vitest';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { CsvParser } from '../../connectors/kit/read-csv.ts';
import { randomFrom } from './random.ts';

const read = (text: string, lines: number, pieces = [text]) => {
  const parser = new CsvParser({ lines });
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end('')];
};
const HEADER = '号牌,品牌,证件号码';
const broken = (line: string) => [`${line}\ufffd`];

describe('a record of more lines than allowed costs its own lines, one by one', () => {
  const lines = ['临A1,"大众,9901', '临A2,丰田,9902', '临A3,奥迪",9903'];
  const after = [['临A4', '本田', '9904']];

  test.each(['\n', '\r\n', '\r'])('two stray quotes over three rows, lines ending in %j', (end) => {
    const text = [HEADER, ...lines, '临A4,本田,9904', ''].join(end);
    for (const allowed of [1, 2, 100]) {
      expect(read(text, allowed)).toEqual([HEADER.split(','), ...lines.map(broken), ...after]);
    }
  });

  test('two stray quotes in neighbouring rows, whose joined cells are as many as the columns', () => {
    const text = `${HEADER}\n临A1,"大众,9901\n临A2,丰田,9902",9903\n临A4,本田,9904\n`;
    expect(read(text, 100)).toEqual([
      HEADER.split(','),
      broken('临A1,"大众,9901'),
      broken('临A2,丰田,9902",9903'),
      ...after,
    ]);
  });

  test('a row written into a cell is not read as a row', () => {
    const text = `${HEADER}\n临A1,"文字\n临A9,丰田,9909\n文字",9901\n临A4,本田,9904\n`;
    for (const allowed of [1, 100]) {
      const rows = read(text, allowed);
      expect(rows.filter(([plate]) => plate === '临A9')).toEqual([]);
      expect(rows.at(-1)).toEqual(after[0]);
    }
  });

  test('lines of a text are one cell where the contract allows them, and no more than it allows', () => {
    const text = (count: number) => `${HEADER}\n临A1,"${'文字，无逗号\n'.repeat(count)}",9901\n`;
    expect(read(text(3), 4)[1]).toEqual(['临A1', '文字，无逗号\n'.repeat(3), '9901']);
    expect(read(text(4), 4).slice(1)).toHaveLength(5);
  });

  test('a header may be laid out over lines', () => {
    expect(read('号牌,"品\n牌",证件号码\n临A1,大众,9901\n', 1)).toEqual([
      ['号牌', '品\n牌', '证件号码'],
      ['临A1', '大众', '9901'],
    ]);
  });
});

test('a file whose lines end in carriage returns alone has rows', () => {
  const text = `\ufeff${HEADER}\r临A1,"大,众",9901\r\r临A2,丰田,9902`;
  const rows = [HEADER.split(','), ['临A1', '大,众', '9901'], ['临A2', '丰田', '9902']];
  for (let at = 0; at < text.length; at += 1) {
    expect(read(text, 1, [text.slice(0, at), text.slice(at)])).toEqual(rows);
  }
  // Elsewhere a carriage return inside a line is a character, for the reader of the cell to refuse.
  expect(read('a,b\n1,2\r3\n', 1)).toEqual([
    ['a', 'b'],
    ['1', '2\r3'],
  ]);
});

test('good rows around a faulty record survive it, whatever the fault and wherever it is cut', () => {
  const random = randomFrom(23);
  const faults = [
    ['x,"a,1', 'y,b,2', 'z,c",3'],
    ['x,"a', 'b,1,2",1'],
    ['x,"a,1', 'y,b,2",3'],
    ['x,"a"b,1'],
    ['x,"a,1'],
    ['x,a'],
  ];
  for (let round = 0; round < 2_000; round += 1) {
    const end = random.pick(['\n', '\r\n', '\r'] as const);
    const fault = random.pick(faults);
    const before = Array.from({ length: random.below(4) }, (_, n) => [`k${n}`, '张"三', `${n}`]);
    const after = Array.from({ length: random.below(4) + 1 }, (_, n) => [`m${n}`, '李 四', `${n}`]);
    const line = (row: string[]) => row.join(',');
    const all = [HEADER, ...before.map(line), ...fault, ...after.map(line)];
    const text = all.join(end) + end;
    const cut = random.below(text.length);
    const rows = read(text, random.pick([1, 50]), [text.slice(0, cut), text.slice(cut)]);
    expect(rows.slice(0, 1 + before.length)).toEqual([HEADER.split(','), ...before]);
    expect(rows.slice(-after.length)).toEqual(after);
    // Each line of the fault is a row of its own, and none of them has the header's width.
    const faulty = rows.slice(1 + before.length, -after.length);
    expect(faulty).toHaveLength(fault.length);
    for (const cells of faulty) {
      if (cells.length === 3) expect(fault).toContain(line(cells));
      else expect(cells.length).toBeLessThan(3);
    }
  }
});

describe('a cell refuses what its type cannot hold', async () => {
  const connectors = await loadConnectors();
  const reasonFor = (feed: string, sheet: string, column: string, value: string) => {
    const connector = connectors.get(feed);
    const columns = connector?.manifest.sheets[sheet]?.columns ?? {};
    const header = Object.keys(columns);
    const read = connector?.interpreter(sheet, header);
    // Columns before it are blank and may be required: only what is said of this one counts.
    const row = header.map((name) => (name === column ? value : (GOOD[name] ?? '')));
    const result = read?.(row);
    return result && 'rejection' in result && result.rejection.column === column
      ? result.rejection.reason
      : undefined;
  };
  const GOOD: Record<string, string> = {
    号牌号码: '浙B12345',
    车辆识别代号: '1M8GDM9AXKP042788',
    车辆品牌: '大众',
    车辆类型: '小型轿车',
    报告文号: '1',
    问题编号: '1',
    被审计人: '张测试',
    身份证号: '11010519491231002X',
    单位信用代码: '11999901MB00000012',
    审计期间起: '2021-01-01',
    审计期间止: '2021-12-31',
    审计类型: '离任',
    报告日期: '2022-01-01',
    问题类别: '其他',
  };
  const vehicle = (column: string, value: string) => reasonFor('vehicle', 'vehicle', column, value);

  test.each(['\n', '\r', '\t', '\u0000', '\u0007', '\u0085', '\u2028', '\x1b'])(
    '%j in any cell of one line',
    (mark) => {
      const expected = mark === '\u0000' ? 'value.undecodable' : 'value.control-character';
      for (const [column, value] of [
        ['车辆品牌', `大众${mark}丰田`],
        ['号牌号码', `浙B1${mark}2345`],
        ['所有人', `张${mark}三`],
        ['车辆类型', `小型${mark}轿车`],
      ] as const) {
        expect(vehicle(column, value), column).toBe(expected);
      }
      // Behind a cell it is padding, as spreadsheets leave it.
      if (mark.trim() === '') expect(vehicle('车辆品牌', `大众${mark}`)).toBe(undefined);
    },
  );

  test('rows run together do not fit a brand', () => {
    expect(vehicle('车辆品牌', '大众 1101051949 '.repeat(40))).toBe('value.too-long');
    expect(vehicle('号牌号码', '浙B12345 '.repeat(6))).toBe('value.too-long');
  });

  test('a column that says multiline takes lines and tabs, and nothing else unseen', () => {
    const finding = (value: string) => reasonFor('audit', 'findings', '问题描述', value);
    expect(finding('一、超范围\r\n二、\t超标准')).toBe(undefined);
    expect(finding('长'.repeat(9_000))).toBe(undefined);
    expect(finding('长'.repeat(10_001))).toBe('value.too-long');
    expect(finding('超\u0007标准')).toBe('value.control-character');
  });
});
