/** One workbook, spelt every way the standard allows: its rows are the same, or it is refused aloud. */
import { describe, expect, test } from 'vitest';
import { readXlsx } from '../../connectors/kit/read-xlsx.ts';
import { inline, MAIN, RELATIONS, workbookOf, workbookPart, worksheetPart } from './workbook.ts';
import { type Part, zipOf } from './zip.ts';

const STRICT = 'http://purl.oclc.org/ooxml/spreadsheetml/main';
const SHEET = 'xl/worksheets/sheet1.xml';
const ROWS = inline('姓名', '备注') + inline('张测试', 'a>b');
const READ = [
  ['姓名', '备注'],
  ['张测试', 'a>b'],
];

async function rowsOf(file: Uint8Array): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  for await (const { cells } of readXlsx(file, { feed: 'audit' })) rows.push(cells);
  return rows;
}
const withParts = (parts: Record<string, Part>) => workbookOf(ROWS, { parts });
const targeting = (target: string) => RELATIONS.replace('worksheets/sheet1.xml', target);
const prefixed = (xml: string) =>
  xml
    .replaceAll('xmlns=', 'xmlns:x=')
    .replace(/<(\/?)(workbook|sheets|sheet|worksheet|sheetData|row|c|is|t)\b/g, '<$1x:$2');

const SPELLINGS: [string, () => Buffer][] = [
  ['a > in an attribute', () => withParts({ 'xl/workbook.xml': workbookPart('审>计') })],
  [
    'another namespace prefix in the sheet',
    () => withParts({ [SHEET]: prefixed(worksheetPart(ROWS)) }),
  ],
  [
    'other prefixes in the workbook',
    () =>
      withParts({
        'xl/workbook.xml': prefixed(workbookPart('审计'))
          .replace('xmlns:r=', 'xmlns:d3p1=')
          .replace('r:id=', 'd3p1:id='),
      }),
  ],
  [
    'spaces and line breaks round =',
    () =>
      withParts({
        'xl/workbook.xml': workbookPart('审计').replace(/="/g, '\n = "'),
        'xl/_rels/workbook.xml.rels': RELATIONS.replace(/="/g, ' =\t"'),
        [SHEET]: worksheetPart(ROWS).replaceAll('t="inlineStr"', 't = "inlineStr" '),
      }),
  ],
  [
    'attributes in single quotes',
    () => withParts({ 'xl/_rels/workbook.xml.rels': RELATIONS.replaceAll('"', "'") }),
  ],
  ...['./worksheets/sheet1.xml', '/xl/worksheets/sheet1.xml', '../xl/worksheets/./sheet1.xml'].map(
    (target): [string, () => Buffer] => [
      `the target ${target}`,
      () => withParts({ 'xl/_rels/workbook.xml.rels': targeting(target) }),
    ],
  ),
  [
    'a target in other letter case',
    () => withParts({ 'xl/_rels/workbook.xml.rels': targeting('Worksheets/Sheet1.XML') }),
  ],
  [
    'the strict vocabulary',
    () => withParts({ [SHEET]: worksheetPart(ROWS).replace(/http[^"]*/, STRICT) }),
  ],
  [
    'a byte-order mark and a comment',
    () => withParts({ [SHEET]: `\ufeff<!-- > -->${worksheetPart(ROWS)}` }),
  ],
  ['text in a CDATA section', () => workbookOf(ROWS.replaceAll('a>b', '<![CDATA[a>]]>b'))],
  [
    'a workbook in another place',
    () =>
      zipOf({
        '_rels/.rels': RELATIONS.replace(
          'relationships/worksheet',
          'relationships/officeDocument',
        ).replace('worksheets/sheet1.xml', 'book/main.xml'),
        'book/main.xml': workbookPart('审计'),
        'book/_rels/main.xml.rels': RELATIONS.replace(/<Relationship Id="r[23]"[^>]*>/g, ''),
        'book/worksheets/sheet1.xml': worksheetPart(ROWS),
      }),
  ],
  [
    'elements of an extension between the rows',
    () =>
      withParts({
        [SHEET]: worksheetPart(ROWS).replace(
          '</sheetData>',
          '</sheetData><extLst><e:row xmlns:e="urn:extension"><e:c><e:v>1</e:v></e:c></e:row></extLst>',
        ),
      }),
  ],
];

test.each(SPELLINGS)('%s changes no row', async (_, make) => {
  expect(await rowsOf(make())).toEqual(READ);
});

test('an archive of ZIP64 is read like any other', async () => {
  const parts = {
    'xl/workbook.xml': workbookPart('审计'),
    'xl/_rels/workbook.xml.rels': RELATIONS.replace(/<Relationship Id="r[23]"[^>]*>/g, ''),
    [SHEET]: worksheetPart(ROWS),
  };
  expect(await rowsOf(zipOf(parts, { isZip64: true }))).toEqual(READ);
});

describe('what cannot be read is refused and never read as an empty sheet', () => {
  const REFUSED: [string, () => Buffer][] = [
    [
      'a sheet of another vocabulary',
      () => withParts({ [SHEET]: worksheetPart(ROWS).replace(/http[^"]*/, 'urn:x') }),
    ],
    ['a part that is no worksheet', () => withParts({ [SHEET]: `<styleSheet ${MAIN}/>` })],
    ['an empty part', () => withParts({ [SHEET]: '' })],
    [
      'a worksheet that is not there',
      () => withParts({ 'xl/_rels/workbook.xml.rels': targeting('sheet9.xml') }),
    ],
    [
      'a sheet without a relationship',
      () => withParts({ 'xl/workbook.xml': workbookPart('审计').replace('"r1"', '"r9"') }),
    ],
    [
      'tags that do not match',
      () => withParts({ [SHEET]: worksheetPart(ROWS).replace('</is>', '</it>') }),
    ],
    ['an unknown entity', () => workbookOf(inline('a&nbsp;b'))],
    [
      'two parts of one name',
      () => {
        const file = withParts({ 'xl/worksheets/sheet2.xml': worksheetPart(inline('b')) });
        return Buffer.from(
          file.toString('latin1').replaceAll('sheet2.xml', 'sheet1.xml'),
          'latin1',
        );
      },
    ],
  ];
  test.each(REFUSED)('%s', async (_, make) => {
    await expect(rowsOf(make())).rejects.toMatchObject({ code: 'source.unreadable' });
  });

  test('a sheet of charts has no rows and is no fault', async () => {
    const relations = RELATIONS.replace('relationships/worksheet', 'relationships/chartsheet');
    expect(await rowsOf(withParts({ 'xl/_rels/workbook.xml.rels': relations }))).toEqual([]);
  });
});
