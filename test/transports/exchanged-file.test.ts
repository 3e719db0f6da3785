/** Between the look at a file and its opening something else may take its place. */
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { deliveriesFrom, pull } from '../../src/transports/index.ts';
import { feedNamed, from, listening, newFolder, outcome, outcomes, put } from './feeds.ts';

const files = vi.hoisted(() => ({
  /** A look at the first of the two sees the second. */
  seenAs: new Map<string, string>(),
  opened: [] as string[],
}));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    lstat: (path: string) => real.lstat(files.seenAs.get(path) ?? path),
    open: (path: string, flags: number) => {
      files.opened.push(path);
      return real.open(path, flags);
    },
  };
});

beforeEach(() => {
  files.seenAs.clear();
  files.opened = [];
});

const vehicle = feedNamed('vehicle');
const CSV = '号牌号码,车辆识别代号\n临A1,V1\n';
const NAME = 'vehicle_2026-06-30.csv';

test.each([
  ['a link', (path: string, other: string) => symlinkSync(other, path)],
  ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
])(
  '%s in the place of a file that was looked at is refused, and not waited for',
  async (_, make) => {
    const folder = newFolder();
    const other = put(folder, 'other.csv', CSV);
    const path = join(folder, NAME);
    make(path, other);
    files.seenAs.set(path, other);
    const code = await outcome(deliveriesFrom(vehicle, path, { fileIdleMs: 2000 }));
    expect([code, files.opened]).toEqual(['source.no-file', [path]]);
  },
);

test('what is seen to be no file is not opened to find out', async () => {
  const folder = newFolder();
  put(folder, NAME, CSV);
  execFileSync('mkfifo', [join(folder, `${NAME}.manifest.json`)]);
  expect(await outcomes(pull(vehicle, from(folder), listening().context))).toEqual([
    '2026-06-30 source.no-file',
  ]);
  expect(files.opened.filter((path) => path.endsWith('.json'))).toEqual([]);
});
