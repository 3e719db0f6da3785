import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { CsvParser, readCsv } from '../../connectors/kit/read-csv.ts';
import { readNdjson } from '../../connectors/kit/read-ndjson.ts';
import { randomFrom } from './random.ts';

const bytes = async function* (...chunks: (string | Uint8Array)[]) {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
};
const all = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
};

test('B8 a byte-order mark before a quoted header is no part of its name', async () => {
  expect(await all(readCsv(bytes('\ufeff"姓名",b\n1,2\n'), 'utf-8'))).toEqual([
    ['姓名', 'b'],
    ['1', '2'],
  ]);
  const gb18030 = Uint8Array.from([0x84, 0x31, 0x95, 0x33, 0xd0, 0xd5, 0x2c, 0xc3, 0xfb]);
  expect(await all(readCsv(bytes(gb18030), 'gb18030'))).toEqual([['姓', '名']]);
});

test('B8 bytes the charset does not know stay marked, and take no delimiter with them', async () => {
  const row = Uint8Array.from([0x61, 0xff, 0x2c, 0xc3, 0xfb, 0x81, 0x0a, 0x62, 0x2c, 0x63]);
  expect(await all(readCsv(bytes(row), 'gb18030'))).toEqual([
    ['a\ufffd', '名\ufffd'],
    ['b', 'c'],
  ]);
});

test('a character cut by a chunk boundary is one character', async () => {
  const [first, second] = [
    Buffer.from('临江,县').subarray(0, 4),
    Buffer.from('临江,县').subarray(4),
  ];
  expect(await all(readCsv(bytes(first, second), 'utf-8'))).toEqual([['临江', '县']]);
});

test('B11 a quote that is not balanced costs its own line and no other', async () => {
  const file = 'h,i\n1,"never closed\n2,b\n3,"closed""twice"\n4,"in "the" middle"\n5,ok\n';
  expect(await all(readCsv(bytes(file), 'utf-8'))).toEqual([
    ['h', 'i'],
    ['1,"never closed\ufffd'],
    ['2', 'b'],
    ['3', 'closed"twice'],
    ['4,"in "the" middle"\ufffd'],
    ['5', 'ok'],
  ]);
});

test('B11 a quote open at the end of the file leaves the lines after it readable', async () => {
  const lines = Array.from({ length: 100_000 }, (_, line) => `${line},value`);
  lines[10] = '10,"open';
  const chunks = Buffer.from(lines.join('\n'));
  const rows = await all(
    readCsv(bytes(chunks.subarray(0, 65_536), chunks.subarray(65_536)), 'utf-8'),
  );
  expect(rows).toHaveLength(100_000);
  expect(rows[10]).toEqual(['10,"open\ufffd']);
  expect(rows.at(-1)).toEqual(['99999', 'value']);
});

test('B11 a line without an end is cut, and the next line is read', async () => {
  const chunk = 'x'.repeat(65_536);
  const rows = await all(readCsv(bytes('h,i\n', ...Array(64).fill(chunk), '\n1,2\n'), 'utf-8'));
  expect(rows).toHaveLength(3);
  expect(rows[1]?.[0]?.length).toBeLessThan(20_000);
  expect(rows[2]).toEqual(['1', '2']);
});

test('well-formed text, cut anywhere, is read as papaparse reads it whole', () => {
  const random = randomFrom(7);
  const pieces = ['a', '张', ',', '"', '\n', '\r\n', ' ', '0', '"",', '😀'];
  for (let round = 0; round < 3_000; round += 1) {
    const lineEnd = random.pick(['\n', '\r\n'] as const);
    const cells = Array.from({ length: random.below(6) + 1 }, () =>
      Array.from({ length: random.below(4) + 2 }, () =>
        Array.from({ length: random.below(4) }, () => random.pick(pieces)).join(''),
      ),
    );
    const quoted = cells.map((row) =>
      row.map((cell) =>
        /[",\r\n]/.test(cell) || random.below(4) === 0 ? `"${cell.replaceAll('"', '""')}"` : cell,
      ),
    );
    const text = quoted.map((row) => row.join(',')).join(lineEnd);
    const parser = new CsvParser();
    const rows: string[][] = [];
    for (let at = 0; at < text.length; ) {
      const size = random.below(5) + 1;
      rows.push(...parser.push(text.slice(at, at + size)));
      at += size;
    }
    rows.push(...parser.end(''));
    expect(rows).toEqual(cells);
    expect(rows).toEqual(Papa.parse(text, { delimiter: ',', newline: lineEnd }).data);
  }
});

test('random text never throws, loses no line break and grows no row', () => {
  const random = randomFrom(11);
  const pieces = ['"', '"', ',', '\n', 'x', '\r', '\0', '\ufffd'];
  for (let round = 0; round < 3_000; round += 1) {
    const text = Array.from({ length: random.below(40) }, () => random.pick(pieces)).join('');
    const parser = new CsvParser();
    const rows = [
      ...parser.push(text.slice(0, 9)),
      ...parser.push(text.slice(9)),
      ...parser.end(''),
    ];
    expect(rows.length).toBeLessThanOrEqual(text.split(/[\r\n]/).length);
    const whole = new CsvParser();
    expect([...whole.push(text), ...whole.end('')]).toEqual(rows);
  }
});

test('B11 a line that is no JSON object costs itself only', async () => {
  const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  const long = `{"a":"${'x'.repeat(2_000_000)}"}`;
  const rows = await all(
    readNdjson(bytes('{"a":1}\n', 'not json\n[1]\n\r\n', `${deep}\n`, long, '\n{"__proto__":1}')),
  );
  expect(rows.map((row) => Array.isArray(row))).toEqual([false, true, true, true, true, false]);
  expect(rows[1]).toEqual(['not json\ufffd']);
  expect(rows.every((row) => JSON.stringify(row).length < 20_000)).toBe(true);
});
