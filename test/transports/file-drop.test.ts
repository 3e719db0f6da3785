import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import writeXlsx, { type SheetData } from 'write-excel-file/node';
import { fixedClock } from '../../src/base/clock.ts';
import { deliveriesFrom, pull } from '../../src/transports/index.ts';
import { inline, workbookOf } from '../connectors/workbook.ts';
import {
  collect,
  feedNamed,
  from,
  listening,
  newFolder,
  outcome,
  outcomes,
  put,
  take,
} from './feeds.ts';

const vehicle = feedNamed('vehicle');
const income = feedNamed('income');
const declaration = feedNamed('declaration');
const audit = feedNamed('audit');
const CSV = '号牌号码,车辆识别代号\n临A1,V1\n临A2,V2\n';
const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

test('files arrive by date, then by number, whatever order the folder lists them in', async () => {
  const folder = newFolder();
  for (const name of ['2026-06-30_10', '2026-06-30_2', '2026-06-30', '2025-12-31']) {
    put(folder, `vehicle_${name}.csv`, `号牌号码\n${name}\n`);
  }
  const taken = await take(pull(vehicle, from(folder), listening().context));
  expect(taken.map((it) => [it.asOf, it.sequence, it.rows[0]?.cells])).toEqual([
    ['2025-12-31', 1, ['2025-12-31']],
    ['2026-06-30', 1, ['2026-06-30']],
    ['2026-06-30', 2, ['2026-06-30_2']],
    ['2026-06-30', 10, ['2026-06-30_10']],
  ]);
});

test('C1 the same bytes under another name are the same delivery', async () => {
  const folder = newFolder();
  put(folder, 'vehicle_2026-06-30.csv', CSV);
  const { context, digests } = listening();
  const [first] = await take(pull(vehicle, from(folder), context));
  expect(first).toMatchObject({ digest: sha256(CSV), bytes: Buffer.byteLength(CSV) });
  digests.add(first?.digest ?? '');
  put(folder, 'vehicle_2026-06-30_1.csv', CSV);
  expect(await outcome(pull(vehicle, from(folder), context))).toBe('0 taken');
});

test('files of one date and number seen together are held until somebody numbers them', async () => {
  const folder = newFolder();
  put(folder, 'vehicle_2026-05-31.csv', CSV);
  put(folder, 'vehicle_2026-06-30.csv', CSV.replace('V1', 'V3'));
  put(folder, 'vehicle_2026-06-30_1.csv', CSV.replace('V1', 'V4'));
  put(folder, 'vehicle_2026-06-30_2.csv', CSV.replace('V1', 'V5'));
  const { context, digests } = listening();
  expect(await outcomes(pull(vehicle, from(folder), context))).toEqual([
    '2026-05-31 2 rows',
    '2026-06-30 source.order-unknown',
    '2026-06-30 source.order-unknown',
    '2026-06-30 2 rows',
  ]);
  digests.add(sha256(CSV.replace('V1', 'V3')));
  expect(await outcomes(pull(vehicle, from(folder), context))).toEqual([
    '2026-05-31 2 rows',
    '2026-06-30 2 rows',
    '2026-06-30 2 rows',
  ]);
});

test('a file for each sheet may have one date and number, and one copied twice is one', async () => {
  const folder = newFolder();
  const sheets = Object.values(audit.manifest.sheets).map(({ source }) => source);
  for (const source of sheets) put(folder, `${source}_2026-06-30.csv`, '编号\n1\n');
  put(folder, `${sheets[0]}_2026-06-30_1.csv`, '编号\n1\n');
  const ends = await outcomes(pull(audit, from(folder), listening().context));
  expect(ends).not.toContain('2026-06-30 source.order-unknown');
  expect(ends).toHaveLength(sheets.length + 1);
});

test('a name that says nothing is reported, and a link or a folder is not followed', async () => {
  const folder = newFolder();
  put(folder, 'vehicle_2026-06-30.csv', CSV);
  const odd = [
    '张三的车.csv',
    'vehicle.csv',
    'vehicle_2026-02-30.csv',
    'vehicle_2026-06-30_0.csv',
    'house_2026-06-30.csv',
    'vehicle_2026-06-30.csv.exe',
  ];
  for (const name of odd) put(folder, name, CSV);
  symlinkSync('/etc/hostname', join(folder, 'vehicle_2026-01-31.csv'));
  mkdirSync(join(folder, 'vehicle_2026-02-28.csv'));
  put(folder, 'Thumbs.db', 'x');
  const { context, heard } = listening();
  expect(await outcome(pull(vehicle, from(folder), context))).toBe('1 taken');
  expect(heard.passedOver.map(({ name }) => name).sort()).toEqual(
    [...odd, 'vehicle_2026-01-31.csv', 'vehicle_2026-02-28.csv'].sort(),
  );
  // A clerk may have put a person into a name: it goes to the operators, not into the log.
  expect(heard.log).toContain('delivery.passed-over');
  expect(heard.log).not.toContain('张三');
});

describe('a file that is still being written is left for the next run', () => {
  test('by its name', async () => {
    const folder = newFolder();
    for (const end of ['.part', '.tmp', '.filepart', '~'])
      put(folder, `vehicle_2026-06-30.csv${end}`, CSV);
    for (const start of ['.', '~$']) put(folder, `${start}vehicle_2026-06-30.csv`, CSV);
    const { context, heard } = listening({ clock: fixedClock('2026-06-01T20:00:00Z') });
    expect(await outcome(pull(vehicle, from(folder), context))).toBe('0 taken');
    expect(heard.passedOver).toEqual([]);
  });

  test('because it grows while we wait; one that has settled is taken', async () => {
    const folder = newFolder();
    const { context, heard } = listening();
    const justNow = context.clock.now();
    const growing = put(folder, 'vehicle_2026-06-30.csv', CSV);
    const settled = put(folder, 'vehicle_2026-05-31.csv', `${CSV}临A3,V3\n`);
    for (const path of [growing, settled]) utimesSync(path, justNow, justNow);
    const sleep = async (ms: number) => {
      heard.slept.push(ms);
      writeFileSync(growing, `${CSV}临A`);
    };
    const patience = { sleep, random: () => 0 };
    const taken = await take(pull(vehicle, from(folder), { ...context, patience }));
    expect(taken.map((it) => it.asOf)).toEqual(['2026-05-31']);
    expect(heard.slept).toHaveLength(1);
  });
});

const book = (sheets: Record<string, SheetData>): Promise<Buffer> =>
  writeXlsx(Object.entries(sheets).map(([sheet, data]) => ({ sheet, data }))).toBuffer();
const cells = (...rows: string[][]): SheetData =>
  rows.map((row) => row.map((value) => ({ value })));

describe('B5 a file that was cut is refused whole, with or without a manifest', () => {
  const cut = (text: string | Buffer) => Buffer.from(text).subarray(0, -3);
  const JSON_LINES = '{"姓名":"张三"}\n{"姓名":"李四"}\n';
  test('csv', async () => {
    const folder = newFolder();
    put(folder, 'vehicle_2026-06-30.csv', cut(CSV));
    expect(await outcome(pull(vehicle, from(folder), listening().context))).toBe(
      'source.truncated',
    );
  });

  test('ndjson', async () => {
    const folder = newFolder();
    put(folder, 'declaration_2026-06-30.ndjson', cut(JSON_LINES));
    expect(await outcome(pull(declaration, from(folder), listening().context))).toBe(
      'source.truncated',
    );
    put(folder, 'declaration_2026-06-30.ndjson', JSON_LINES.trimEnd());
    expect(await outcome(pull(declaration, from(folder), listening().context))).toBe('1 taken');
  });

  test('xlsx', async () => {
    const folder = newFolder();
    const whole = await book({
      审计项目: cells(['报告文号'], ['1']),
      审计问题: cells(['报告文号']),
    });
    put(folder, 'audit_2026-06-30.xlsx', whole.subarray(0, whole.length - 100));
    expect(await outcome(pull(audit, from(folder), listening().context))).toBe('source.truncated');
    put(folder, 'audit_2026-06-30.xlsx', whole);
    expect(await outcome(pull(audit, from(folder), listening().context))).toBe('1 taken');
  });

  test.each([
    ['agrees', { rows: 2, sha256: sha256(CSV) }, '1 taken'],
    ['agrees, without a count', { sha256: sha256(CSV).toUpperCase() }, '1 taken'],
    ['declares another digest', { rows: 2, sha256: sha256('x') }, 'source.truncated'],
    ['declares more rows', { rows: 3, sha256: sha256(CSV) }, 'source.truncated'],
    ['is no manifest', { lines: 2 }, 'source.unreadable'],
  ])('a manifest that %s', async (_, manifest, expected) => {
    const folder = newFolder();
    put(folder, 'vehicle_2026-06-30.csv', CSV);
    put(folder, 'vehicle_2026-06-30.csv.manifest.json', JSON.stringify(manifest));
    const { context, heard } = listening();
    expect(await outcome(pull(vehicle, from(folder), context))).toBe(expected);
    expect([...heard.notes, ...heard.passedOver]).toEqual([]);
  });

  test('a csv without a last line break is whole when its manifest says so', async () => {
    const folder = newFolder();
    put(folder, 'vehicle_2026-06-30.csv', CSV.trimEnd());
    expect(await outcome(pull(vehicle, from(folder), listening().context))).toBe(
      'source.truncated',
    );
    put(
      folder,
      'vehicle_2026-06-30.csv.manifest.json',
      JSON.stringify({ sha256: sha256(CSV.trimEnd()) }),
    );
    expect(await outcome(pull(vehicle, from(folder), listening().context))).toBe('1 taken');
  });
});

test('B6 a file over the limit of its feed is not read', async () => {
  const folder = newFolder();
  put(folder, 'vehicle_2026-06-30.csv', CSV.repeat(100));
  expect(await outcome(pull(vehicle, from(folder, { maxBytes: 1000 }), listening().context))).toBe(
    'source.too-large',
  );
});

test('B11 a cell too long for any reader costs its own row; the others arrive', async () => {
  const folder = newFolder();
  const long = 'x'.repeat(1_100_000);
  const rows = ['报告文号', '1', long, '3'].map((text) => inline(text)).join('');
  const workbook = workbookOf(rows, { tabs: ['审计项目', '审计问题'] });
  put(folder, 'audit_2026-06-30.xlsx', workbook);
  put(folder, '审计项目_2026-07-31.csv', `报告文号\n1\n"${long}\n3\n`);
  const taken = await take(pull(audit, from(folder), listening().context));
  for (const { rows: delivered } of taken) {
    const ends = delivered.map((it) => (Array.isArray(it.cells) ? String(it.cells[0]).at(-1) : ''));
    expect(ends.slice(0, 3)).toEqual(['1', '\ufffd', '3']);
  }
  expect(taken.map((it) => it.rows.length)).toEqual([6, 3]);
});

describe('B8 text is decoded as the feeds file says, with or without a byte-order mark', () => {
  /** 纳税人姓名, 张三 in GB18030; the last byte pair is not a character of it. */
  const GB = Buffer.from('c4c9cbb0c8cbd0d5c3fb0ad5c5c8fd0a', 'hex');
  test('gb18030', async () => {
    const folder = newFolder();
    put(folder, 'income_2026-06-30.csv', GB);
    const gb = from(folder, { charset: 'gb18030' });
    const [taken] = await take(pull(income, gb, listening().context));
    expect(taken?.rows).toEqual([{ sheet: 'income', header: ['纳税人姓名'], cells: ['张三'] }]);
    const byHand = deliveriesFrom(income, folder, { ...listening().context, charset: 'gb18030' });
    expect((await take(byHand))[0]?.rows).toEqual(taken?.rows);
  });

  test('bytes that are no character are marked, so that they cannot become a record', async () => {
    const folder = newFolder();
    put(folder, 'income_2026-06-30.csv', Buffer.concat([GB, Buffer.from([0xff, 0x0a])]));
    const gb = from(folder, { charset: 'gb18030' });
    const [taken] = await take(pull(income, gb, listening().context));
    expect(taken?.rows.map((it) => it.cells)).toEqual([['张三'], ['\ufffd']]);
  });

  test('utf-8 with a mark and a quoted header', async () => {
    const folder = newFolder();
    put(folder, 'vehicle_2026-06-30.csv', '\ufeff"号牌号码","备,注"\r\n临A1,"一""二,三"\r\n');
    const [taken] = await take(pull(vehicle, from(folder), listening().context));
    expect(taken?.rows).toEqual([
      { sheet: 'vehicle', header: ['号牌号码', '备,注'], cells: ['临A1', '一"二,三'] },
    ]);
  });
});

describe('B9 a worksheet that comes or goes is heard, never skipped in silence', () => {
  const whole = { 审计项目: cells(['报告文号'], ['1']), 审计问题: cells(['报告文号'], ['2']) };
  test('every worksheet arrives under its name in feed.yml', async () => {
    const folder = newFolder();
    put(folder, 'audit_2026-06-30.xlsx', await book(whole));
    const [taken] = await take(pull(audit, from(folder), listening().context));
    expect(taken?.rows.map((it) => [it.sheet, it.cells])).toEqual([
      ['reports', ['1']],
      ['findings', ['2']],
    ]);
  });

  test('a new worksheet is noted where additions warn, and stops where they stop', async () => {
    const folder = newFolder();
    put(folder, 'audit_2026-06-30.xlsx', await book({ ...whole, 说明: cells(['备注'], ['x']) }));
    const { context, heard } = listening();
    expect(await outcome(pull(audit, from(folder), context))).toBe('1 taken');
    expect(heard.notes).toEqual(['+ 说明']);
    const strict = structuredClone(audit.manifest);
    strict.drift.added = 'stop';
    const feed = { ...audit, manifest: strict };
    expect(await outcome(pull(feed, from(folder), context))).toBe('source.columns-changed');
  });

  test('a missing or renamed worksheet stops, or is noted where that is agreed', async () => {
    const folder = newFolder();
    put(folder, 'audit_2026-06-30.xlsx', await book({ 审计项目: whole.审计项目 }));
    const { context, heard } = listening();
    expect(await outcome(pull(audit, from(folder), context))).toBe('source.columns-changed');
    const lenient = structuredClone(audit.manifest);
    lenient.drift.missing = 'quarantine';
    expect(await outcome(pull({ ...audit, manifest: lenient }, from(folder), context))).toBe(
      '1 taken',
    );
    expect(heard.notes).toEqual(['− 审计问题']);
  });
});

describe('B15 a file replaced while it is read is discarded, and taken at the next run', () => {
  const LINES = 60_000;
  const large = (letter: string) => `号牌号码,车辆识别代号\n${`临${letter}1,VIN\n`.repeat(LINES)}`;
  const replaceAfterFirstRow = async (replace: (path: string) => void) => {
    const folder = newFolder();
    const path = put(folder, 'vehicle_2026-06-30.csv', large('A'));
    let rows = 0;
    for await (const { sheets } of pull(vehicle, from(folder), listening().context)) {
      for await (const _ of sheets) {
        rows += 1;
        if (rows === 1) replace(path);
      }
    }
    return { folder, rows };
  };

  test('overwritten in place', async () => {
    const work = replaceAfterFirstRow((path) => writeFileSync(path, large('B')));
    await expect(work).rejects.toMatchObject({ code: 'source.truncated' });
  });

  test('cut short in place', async () => {
    const work = replaceAfterFirstRow((path) => writeFileSync(path, CSV));
    await expect(work).rejects.toMatchObject({ code: 'source.truncated' });
  });

  test('renamed over: the file that was hashed is read to its end', async () => {
    const { rows } = await replaceAfterFirstRow((path) => {
      writeFileSync(`${path}.new`, large('B'));
      renameSync(`${path}.new`, path);
    });
    expect(rows).toBe(LINES);
  });

  test('replaced or removed between hashing and reading', async () => {
    const folder = newFolder();
    for (const change of [(path: string) => writeFileSync(path, `${CSV}临A3,V3\n`), rmSync]) {
      const path = put(folder, 'vehicle_2026-06-30.csv', CSV);
      const work = async () => {
        for await (const { sheets } of pull(vehicle, from(folder), listening().context)) {
          change(path);
          await collect(sheets);
        }
      };
      await expect(work()).rejects.toMatchObject({ code: 'source.truncated' });
    }
  });
});

test('a folder that is not there is a wrong setting, named', async () => {
  const work = take(pull(vehicle, from(join(newFolder(), 'nowhere')), listening().context));
  await expect(work).rejects.toMatchObject({
    code: 'source.refused',
    details: { setting: 'feeds.vehicle.folder' },
  });
});

test('B5 one bad file does not hold up the others, and is refused again until it is mended', async () => {
  const folder = newFolder();
  put(folder, 'vehicle_2026-01-31.csv', CSV);
  put(folder, 'vehicle_2026-02-28.csv', CSV.slice(0, -3));
  put(folder, 'vehicle_2026-03-31.csv', CSV.repeat(2000));
  put(folder, 'vehicle_2026-04-30.csv', `${CSV}临A3,V3\n`);
  const run = () =>
    outcomes(pull(vehicle, from(folder, { maxBytes: 10_000 }), listening().context));
  expect(await run()).toEqual([
    '2026-01-31 2 rows',
    '2026-02-28 source.truncated',
    '2026-03-31 source.too-large',
    '2026-04-30 3 rows',
  ]);
  put(folder, 'vehicle_2026-02-28.csv', `${CSV}\n`);
  expect((await run())[1]).toBe('2026-02-28 2 rows');
});
