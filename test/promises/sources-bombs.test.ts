import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { constants, deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { inline, MAIN, workbookOf } from '../connectors/workbook.ts';
import { zipOf } from '../connectors/zip.ts';
import { startLyingSource } from '../harness/feed-server.ts';
import { newFolder, put } from '../transports/feeds.ts';

const MEGABYTE = 1024 * 1024;
const MOST_MEGABYTES = 300;
const CHILD = fileURLToPath(new URL('../harness/hostile-delivery.ts', import.meta.url));
const run = promisify(execFile);

const source = await startLyingSource();
afterAll(() => source.close());

async function takenApart(kind: 'file' | 'url', target: string) {
  const { stdout } = await run(process.execPath, [CHILD, kind, target]);
  const { code, peakMegabytes } = JSON.parse(stdout);
  return { code: String(code), peakMegabytes: Number(peakMegabytes) };
}

/** `block`, again and again, deflated without ever holding it all: each copy is a block of its own. */
function deflated(head: string, block: string, times: number): Buffer {
  const flush = { finishFlush: constants.Z_FULL_FLUSH, level: 9 };
  const copy = deflateRawSync(block, flush);
  const copies = Array.from({ length: times }, () => copy);
  return Buffer.concat([deflateRawSync(head, flush), ...copies, deflateRawSync('')]);
}

const TABS = ['审计项目', '审计问题'];

/** A whole workbook, some of whose parts are deflated already and lie about their size. */
const workbookWith = (deflatedParts: Record<string, Buffer>) =>
  workbookOf(inline('报告文号'), {
    tabs: TABS,
    parts: Object.fromEntries(
      Object.entries(deflatedParts).map(([name, part]) => [
        name,
        { deflated: part, declaredSize: 1 },
      ]),
    ),
  });

const BOMBS: [string, () => Buffer][] = [
  [
    'a worksheet of 4 GB of spaces',
    () =>
      workbookWith({
        'xl/worksheets/sheet1.xml': deflated(
          `<worksheet ${MAIN}><sheetData>`,
          ' '.repeat(MEGABYTE),
          4096,
        ),
      }),
  ],
  [
    'a worksheet of 4 GB in one cell',
    () =>
      workbookWith({
        'xl/worksheets/sheet1.xml': deflated(
          `<worksheet ${MAIN}><row><c><v>`,
          '1'.repeat(MEGABYTE),
          4096,
        ),
      }),
  ],
  [
    'one shared string of 4 GB',
    () =>
      workbookWith({
        'xl/sharedStrings.xml': deflated(`<sst ${MAIN}><si><t>`, 'a'.repeat(MEGABYTE), 4096),
      }),
  ],
  [
    'a hundred million shared strings',
    () =>
      workbookWith({
        'xl/sharedStrings.xml': deflated(`<sst ${MAIN}>`, '<si><t>a</t></si>'.repeat(60_000), 1700),
      }),
  ],
  [
    'a comment of 4 GB',
    () =>
      workbookWith({
        'xl/workbook.xml': deflated('<!--', 'a'.repeat(MEGABYTE), 4096),
      }),
  ],
  [
    'a document type of 4 GB',
    () =>
      workbookWith({
        'xl/workbook.xml': deflated('<!DOCTYPE a [', '<!ENTITY a "b">'.repeat(70_000), 4096),
      }),
  ],
  [
    'hundreds of millions of cells, each row with one far to the right',
    () =>
      workbookWith({
        'xl/worksheets/sheet1.xml': deflated(
          `<worksheet ${MAIN}><sheetData>`,
          '<row><c r="AMJ1"><v>1</v></c></row>'.repeat(40_000),
          5000,
        ),
      }),
  ],
  [
    'a tag of 4 GB',
    () =>
      workbookWith({
        'xl/worksheets/sheet1.xml': deflated(`<worksheet ${MAIN} a="`, 'b'.repeat(MEGABYTE), 4096),
      }),
  ],
];

describe('B6 a bomb is stopped while it inflates, in bounded memory', () => {
  test.each(BOMBS)('%s', async (_, make) => {
    const path = put(newFolder(), 'audit_2026-06-30.xlsx', make());
    const { code, peakMegabytes } = await takenApart('file', path);
    expect(['source.too-large', 'source.unreadable']).toContain(code);
    expect(peakMegabytes).toBeLessThan(MOST_MEGABYTES);
  });

  test('an archive of 60,000 entries', async () => {
    const parts = Array.from({ length: 60_000 }, (_, n) => [`xl/part${n}.xml`, '']);
    const path = put(newFolder(), 'audit_2026-06-30.xlsx', zipOf(Object.fromEntries(parts)));
    const { code, peakMegabytes } = await takenApart('file', path);
    expect(code).toBe('source.too-large');
    expect(peakMegabytes).toBeLessThan(MOST_MEGABYTES);
  });

  test('a gzip answer of 512 KB that inflates to 512 MB', async () => {
    source.answer({ do: 'bomb', bytes: 512 * MEGABYTE });
    const { code, peakMegabytes } = await takenApart('url', `${source.url}/titles`);
    expect(code).toBe('source.too-large');
    expect(peakMegabytes).toBeLessThan(MOST_MEGABYTES);
  });

  test('a whole workbook passes by the same way', async () => {
    const path = put(newFolder(), 'audit_2026-06-30.xlsx', workbookWith({}));
    expect((await takenApart('file', path)).code).toBe('taken');
  });
});
