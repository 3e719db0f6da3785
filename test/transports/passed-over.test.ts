/** What lies in a folder and is no delivery is named with its reason; nothing of it is opened. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deliveriesFrom, pull } from '../../src/transports/index.ts';
import { feedNamed, from, listening, newFolder, outcome, outcomes, put } from './feeds.ts';

const vehicle = feedNamed('vehicle');
const audit = feedNamed('audit');
const CSV = '号牌号码,车辆识别代号\n临A1,V1\n临A2,V2\n';
const DAY = '2026-06-30';
const pipe = (path: string) => execFileSync('mkfifo', [path]);

describe('what is passed over is named with its reason, and counted', () => {
  const seenIn = async (folder: string, change = {}) => {
    const { context, heard } = listening();
    const taken = await outcome(pull(vehicle, from(folder, change), context));
    return { taken, passedOver: heard.passedOver, log: heard.log };
  };

  test('each kind of thing by its own reason', async () => {
    const folder = newFolder();
    put(folder, `vehicle_${DAY}.csv`, CSV);
    put(folder, '张三的车.csv', CSV);
    put(folder, 'vehicle_2026-05-31.xlsx', 'x');
    mkdirSync(join(folder, '2026-04'));
    symlinkSync('/etc/hostname', join(folder, 'vehicle_2026-01-31.csv'));
    pipe(join(folder, 'vehicle_2026-02-28.csv'));
    put(folder, 'vehicle_2026-03-31.csv.manifest.json', '{}');
    put(folder, 'vehicle_2026-06-30.manifest.json', '{}');
    put(folder, 'vehicle_2026-04-30.csv.part', CSV);
    put(folder, 'Thumbs.db', 'x');
    const { taken, passedOver, log } = await seenIn(folder, { format: 'csv' });
    expect(taken).toBe('1 taken');
    expect(passedOver.map(({ name, reason }) => `${name} ${reason.en}`).sort()).toEqual([
      '2026-04 a folder; folders are not entered',
      'vehicle_2026-01-31.csv a link',
      'vehicle_2026-02-28.csv a pipe',
      'vehicle_2026-03-31.csv.manifest.json a manifest whose file is not here',
      'vehicle_2026-04-30.csv.part not finished for more than a day',
      'vehicle_2026-05-31.xlsx not the agreed format csv',
      'vehicle_2026-06-30.manifest.json a manifest whose file is not here',
      '张三的车.csv not an agreed file name',
    ]);
    // A clerk may have put a person into a name: it goes to the operators, the log has the numbers.
    expect(log).not.toContain('张三');
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ event }) => event === 'delivery.passed-over')).toEqual([
      expect.objectContaining({ level: 'warn', feed: 'vehicle', files: 8 }),
    ]);
  });

  test('a number of a person in a name is not shown', async () => {
    const folder = newFolder();
    put(folder, '张三_999901196803150 02X\u0007.csv', CSV);
    for (const name of ['护照E12345678.csv', 'vehicle_20260630.csv', '2026.6.30.csv']) {
      put(folder, name, CSV);
    }
    const { passedOver } = await seenIn(folder);
    // A date written otherwise than agreed must be seen to be mended.
    expect(passedOver.map(({ name }) => name).sort()).toEqual([
      '2026.6.30.csv',
      'vehicle_20260630.csv',
      '张三_*\u{fffd}.csv',
      '护照E*.csv',
    ]);
  });

  test('a file still on its way is nobody’s mistake for a day', async () => {
    const folder = newFolder();
    const path = put(folder, `vehicle_${DAY}.csv.part`, CSV);
    const now = listening().context.clock.now();
    utimesSync(path, now, now);
    expect((await seenIn(folder)).passedOver).toEqual([]);
  });
});

describe('a pipe, a link, a socket or a device is refused by its kind, and never opened', () => {
  test('as the file that somebody brings', async () => {
    const folder = newFolder();
    const path = (name: string) => join(folder, name);
    put(folder, 'real.csv', CSV);
    pipe(path(`vehicle_${DAY}.csv`));
    symlinkSync(path('real.csv'), path('vehicle_2026-05-31.csv'));
    const server = createServer().listen(path('vehicle_2026-04-30.csv'));
    const codes = await Promise.all(
      [
        path(`vehicle_${DAY}.csv`),
        path('vehicle_2026-05-31.csv'),
        path('vehicle_2026-04-30.csv'),
        '/dev/zero',
      ].map((it) => outcome(deliveriesFrom(vehicle, it))),
    );
    server.close();
    expect(codes).toEqual(Array(4).fill('source.no-file'));
  });

  test('as the manifest beside a delivery; the deliveries behind it arrive', async () => {
    const folder = newFolder();
    for (const month of ['03-31', '04-30', '05-31'])
      put(folder, `vehicle_2026-${month}.csv`, `${CSV}临${month},V\n`);
    pipe(join(folder, 'vehicle_2026-03-31.csv.manifest.json'));
    symlinkSync('/dev/zero', join(folder, 'vehicle_2026-04-30.csv.manifest.json'));
    const ended = await outcomes(pull(vehicle, from(folder), listening().context));
    expect(ended).toEqual([
      '2026-03-31 source.no-file',
      '2026-04-30 source.no-file',
      '2026-05-31 3 rows',
    ]);
  });

  test('a manifest longer than any manifest is not read', async () => {
    const folder = newFolder();
    put(folder, `vehicle_${DAY}.csv`, CSV);
    put(folder, `vehicle_${DAY}.csv.manifest.json`, `{${' '.repeat(2_000_000)}}`);
    expect(await outcomes(pull(vehicle, from(folder), listening().context))).toEqual([
      `${DAY} source.unreadable`,
    ]);
  });
});

describe('what somebody brings and does not fit fails, and says what would', () => {
  const messages = (path: string, feed = vehicle) =>
    outcome(deliveriesFrom(feed, path)).then(async (code) => {
      const work = async () => {
        for await (const _ of deliveriesFrom(feed, path));
      };
      const error: unknown = await work().catch((it: unknown) => it);
      return error instanceof Error ? `${code}: ${error.message}` : code;
    });

  test('a folder in which nothing fits', async () => {
    const folder = newFolder();
    put(folder, '车辆2026年6月.csv', CSV);
    put(folder, 'Thumbs.db', 'x');
    expect(await messages(folder)).toBe(
      'source.nothing-fits: Of the 1 files in the folder none is a delivery of vehicle; the names are vehicle_YYYY-MM-DD[_n].csv, vehicle_YYYY-MM-DD[_n].ndjson, vehicle_YYYY-MM-DD[_n].xlsx.',
    );
    put(folder, `vehicle_${DAY}.csv`, CSV);
    expect(await messages(folder)).toBe('1 taken');
  });

  test('an empty folder, and one that is not there', async () => {
    const folder = newFolder();
    expect(await messages(folder)).toBe(
      'source.empty-folder: The folder given for vehicle is empty.',
    );
    expect(await messages(join(folder, 'nowhere'))).toBe(
      'source.unreachable-path: The path given for vehicle cannot be read (ENOENT).',
    );
  });

  test('one file whose name says neither sheet nor format', async () => {
    const folder = newFolder();
    expect(await messages(put(folder, '六月.docx', 'x'))).toMatch(
      /^source\.misnamed: .* vehicle_YYYY-MM-DD/,
    );
    // Two sheets: the name must say which.
    expect(await messages(put(folder, '六月.csv', CSV), audit)).toMatch(
      /^source\.misnamed: .* 审计项目_YYYY-MM-DD\[_n\]\.csv, .*审计问题_YYYY-MM-DD\[_n\]\.csv/,
    );
  });
});
