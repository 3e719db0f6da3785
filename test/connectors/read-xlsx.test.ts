import { deflateRawSync } from 'node:zlib';
import readWithLibrary from 'read-excel-file/node';
import { expect, test } from 'vitest';
import writeExcelFile from 'write-excel-file/node';
import { readXlsx, type WorksheetRow } from '../../connectors/kit/read-xlsx.ts';
import { inline, MAIN, workbookOf, workbookPart, worksheetPart } from './workbook.ts';

const all = async (file: Uint8Array, inflatedLimit?: number): Promise<WorksheetRow[]> => {
  const rows: WorksheetRow[] = [];
  const options = inflatedLimit === undefined ? {} : { inflatedLimit };
  for await (const row of readXlsx(file, { feed: 'audit', ...options })) rows.push(row);
  return rows;
};

test('every sheet of a workbook is read, with dates, numbers and empty cells', async () => {
  const date = { value: new Date('2024-01-31T00:00:00Z'), type: Date, format: 'yyyy/mm/dd' };
  const file = await writeExcelFile([
    {
      sheet: '单位',
      data: [
        ['单位名称', '人数', '日期'],
        ['县"一"中<&>', 1200, date],
      ],
    },
    {
      sheet: '干部',
      data: [
        ['姓名', '备注', '在编'],
        ['张测试', null, true],
        [null, null, null],
      ],
    },
  ]).toBuffer();
  expect(await all(file)).toEqual([
    { worksheet: '单位', cells: ['单位名称', '人数', '日期'] },
    { worksheet: '单位', cells: ['县"一"中<&>', '1200', '2024-01-31'] },
    { worksheet: '干部', cells: ['姓名', '备注', '在编'] },
    { worksheet: '干部', cells: ['张测试', null, 'TRUE'] },
  ]);
});

test('text and numbers are what the well-known library reads from the same workbook', async () => {
  const data = Array.from({ length: 500 }, (_, row) => [
    `第${row}行 换\n行`,
    row / 7,
    row % 3 === 0 ? null : `=${row}<`,
    row * 1_000_003,
  ]);
  const file = await writeExcelFile([{ sheet: 'a', data }]).toBuffer();
  const [sheet] = await readWithLibrary(file);
  const asText = (sheet?.data ?? []).map((row) =>
    row.map((cell) => (typeof cell === 'number' ? String(Number(cell.toPrecision(15))) : cell)),
  );
  expect((await all(file)).map(({ cells }) => cells)).toEqual(asText);
});

test('an ID number stored as a number has lost digits and is not read as a number of 18', async () => {
  const rows = await all(workbookOf('<row><c><v>110105194912310020</v></c></row>'));
  expect(rows[0]?.cells).toEqual(['1.1010519491231002e+17']);
});

test('a cell in error or of a missing string is marked, and costs itself only', async () => {
  const rows = await all(
    workbookOf(`${inline('甲', '乙', '丙')}<row><c r="A2" t="e"><v>#REF!</v></c>
      <c r="C2" t="s"><v>9</v></c></row>${inline('_x000D_1', '&#x5F20;', '')}`),
  );
  expect(rows.map(({ cells }) => cells)).toEqual([
    ['甲', '乙', '丙'],
    ['#REF!\ufffd', null, '\ufffd'],
    ['\r1', '张', null],
  ]);
});

test('phonetic readings are not part of a name', async () => {
  const text = '<r><t>張</t></r><r><t>三</t></r><rPh><t>ちょう</t></rPh>';
  const cells = `<c t="s"><v>0</v></c><c t="inlineStr"><is>${text}</is></c>`;
  const parts = { 'xl/sharedStrings.xml': `<sst ${MAIN}><si>${text}</si></sst>` };
  const file = workbookOf(`<row>${cells}</row>`, { parts });
  expect((await all(file))[0]?.cells).toEqual(['張三', '張三']);
});

test('B6 a workbook that inflates beyond the limit is refused before it is in memory', async () => {
  const bomb = deflateRawSync(Buffer.alloc(400 * 1024 * 1024, 32), { level: 9 });
  // The directory lies: it says that the part has one byte.
  const file = workbookOf('', {
    parts: { 'xl/worksheets/sheet1.xml': { deflated: bomb, declaredSize: 1 } },
  });
  const before = process.memoryUsage().rss;
  await expect(all(file, 20 * 1024 * 1024)).rejects.toMatchObject({
    code: 'source.too-large',
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
});

test('B6 shared strings count against the same limit', async () => {
  const shared = `<sst ${MAIN}>${'<si><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></si>'.repeat(100_000)}</sst>`;
  const file = workbookOf(inline('a'), { parts: { 'xl/sharedStrings.xml': shared } });
  await expect(all(file, 1_000_000)).rejects.toMatchObject({ code: 'source.too-large' });
});

test('B6 thousands of entries, a far column or a far row cost nothing', async () => {
  const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`a${n}`, '']));
  await expect(all(workbookOf(inline('a'), { parts: many }))).rejects.toMatchObject({
    code: 'source.too-large',
  });
  for (const column of ['XFD', 'ZZZZ', 'ZZZZZZZZZ']) {
    const file = workbookOf(`<row><c r="${column}1"><v>1</v></c></row>`);
    await expect(all(file)).rejects.toMatchObject({ code: 'source.unreadable' });
  }
  const far = workbookOf('<row r="999999999999"><c r="A999999999999"><v>1</v></c></row>');
  expect(await all(far)).toHaveLength(1);
});

test('B7 a document type is refused: no entity is ever declared', async () => {
  const type = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>';
  for (const part of [type + workbookPart('审计'), workbookPart('&b;')]) {
    const file = workbookOf(inline('a'), { parts: { 'xl/workbook.xml': part } });
    await expect(all(file)).rejects.toMatchObject({ code: 'source.unreadable' });
  }
});

test('B5 a workbook that is cut off, or is none, is unreadable and never half read', async () => {
  const file = workbookOf(inline('a').repeat(5_000));
  for (const length of [0, 3, 100, Math.floor(file.length / 2), file.length - 30]) {
    await expect(all(file.subarray(0, length))).rejects.toMatchObject({
      code: 'source.unreadable',
    });
  }
  await expect(all(Buffer.from('姓名,身份证号\n'.repeat(50)))).rejects.toMatchObject({
    code: 'source.unreadable',
  });
});

test('B5 a sheet that is cut off is refused, wherever it was cut, and never taken with its rows', async () => {
  const whole = worksheetPart(inline('a', 'b').repeat(3));
  for (let length = 0; length < whole.length; length += 7) {
    const parts = { 'xl/worksheets/sheet1.xml': whole.slice(0, length) };
    await expect(all(workbookOf('', { parts }))).rejects.toMatchObject({
      code: 'source.unreadable',
    });
  }
});

test('B5 one flipped bit in a part is noticed', async () => {
  const file = workbookOf(inline('a', 'b'));
  const at = file.indexOf(Buffer.from('xl/worksheets/sheet1.xml')) + 24;
  for (let offset = 0; offset < 20; offset += 1) {
    const flipped = Buffer.from(file);
    flipped[at + offset] = (flipped[at + offset] ?? 0) ^ 4;
    await expect(all(flipped)).rejects.toMatchObject({ code: 'source.unreadable' });
  }
});

test('B5 a part whose checksum or size is not what the archive declares is refused', async () => {
  const text = worksheetPart(inline('a', 'b'));
  const deflated = deflateRawSync(text);
  // The writer declares no checksum for what comes deflated.
  for (const declaredSize of [text.length, text.length + 1]) {
    const parts = { 'xl/worksheets/sheet1.xml': { deflated, declaredSize } };
    await expect(all(workbookOf('', { parts }))).rejects.toMatchObject({
      code: 'source.unreadable',
    });
  }
});

test('B6 sheets without number and formats without sense stop early', async () => {
  const tabs = Array.from({ length: 10_000 }, (_, n) => `a${n}`);
  await expect(all(workbookOf(inline('a'), { tabs }))).rejects.toMatchObject({
    code: 'source.too-large',
  });
  const format = `<numFmt numFmtId="200" formatCode="${'['.repeat(60_000)}"/>`;
  const styles = `<styleSheet ${MAIN}><numFmts>${format.repeat(200)}</numFmts></styleSheet>`;
  expect(await all(workbookOf(inline('a'), { parts: { 'xl/styles.xml': styles } }))).toHaveLength(
    1,
  );
});
