/** A mount whose server is gone answers nothing: it is left at the limit, and costs the process no more. */
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { deliveriesFrom, pull } from '../../src/transports/index.ts';
import { hasHungFiles } from '../../src/transports/patience-with-files.ts';
import { feedNamed, from, listening, newFolder, outcome, put, take } from './feeds.ts';

/** Folders below which the file system does not answer, until they are let go. */
const gone = vi.hoisted(() => ({
  paths: [] as string[],
  asked: 0,
  letGo: [] as (() => void)[],
  /** Answers at once with this error instead. */
  code: undefined as string | undefined,
}));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const hangs = (path: unknown) => gone.paths.some((it) => String(path).startsWith(it));
  const wrapped =
    (name: 'lstat' | 'open' | 'readdir' | 'stat') =>
    async (path: string, ...rest: unknown[]) => {
      if (hangs(path)) {
        gone.asked += 1;
        if (gone.code) throw Object.assign(new Error('refused'), { code: gone.code });
        await new Promise<void>((done) => gone.letGo.push(done));
      }
      return (real[name] as (...all: unknown[]) => Promise<unknown>)(path, ...rest);
    };
  const names = ['lstat', 'open', 'readdir', 'stat'] as const;
  return { ...real, ...Object.fromEntries(names.map((name) => [name, wrapped(name)])) };
});

const vehicle = feedNamed('vehicle');
const CSV = '号牌号码,车辆识别代号\n临A1,V1\n';
const NAME = 'vehicle_2026-06-30.csv';
const quick = { fileIdleMs: 40 };

const letGo = async () => {
  gone.paths = [];
  for (const done of gone.letGo.splice(0)) done();
  await vi.waitFor(() => expect(hasHungFiles()).toBe(false));
};
afterEach(async () => {
  await letGo();
  gone.asked = 0;
  gone.code = undefined;
});

const fault = async (folder: string, context = listening(quick).context) => {
  const error: unknown = await take(pull(vehicle, from(folder), context)).catch(
    (it: unknown) => it,
  );
  const { code, kind, details } = error as { code: string; kind: string; details: object };
  return [code, kind, details];
};
const unavailable = (why: string) => [
  'source.unavailable',
  'transient',
  { feed: 'vehicle', fault: why },
];

describe('B1 a hung mount is left at the limit, whatever was asked of it', () => {
  test.each([
    ['the folder', (folder: string) => folder],
    ['a file', (folder: string) => join(folder, NAME)],
    ['the manifest beside it', (folder: string) => join(folder, `${NAME}.manifest.json`)],
  ])('%s', async (_, path) => {
    const folder = newFolder();
    put(folder, NAME, CSV);
    gone.paths = [path(folder)];
    expect(await fault(folder)).toEqual(unavailable('timed-out'));
    expect(hasHungFiles()).toBe(true);
    await letGo();
    expect(await outcome(pull(vehicle, from(folder), listening(quick).context))).toBe('1 taken');
  });

  test('brought by hand', async () => {
    const folder = newFolder();
    gone.paths = [folder];
    expect(await outcome(deliveriesFrom(vehicle, folder, quick))).toBe('source.unavailable');
  });
});

test('a run that is stopped stops waiting at once', async () => {
  const folder = newFolder();
  gone.paths = [folder];
  const stop = new AbortController();
  const context = { ...listening().context, signal: stop.signal };
  setTimeout(() => stop.abort(), 20);
  expect(await fault(folder, context)).toEqual(unavailable('aborted'));
});

test('while it does not answer it is not asked again, and two of them are the most', async () => {
  const [one, two, three] = [newFolder(), newFolder(), newFolder()];
  put(three, NAME, CSV);
  gone.paths = [one, two];
  expect(await fault(one)).toEqual(unavailable('timed-out'));
  expect(await fault(one)).toEqual(unavailable('not-answering'));
  expect(gone.asked).toBe(1);
  expect(await outcome(pull(vehicle, from(three), listening().context))).toBe('1 taken');
  expect(await fault(two)).toEqual(unavailable('timed-out'));
  // Node has four file threads; those that are left belong to everything else.
  expect(await fault(three)).toEqual(unavailable('not-answering'));
  await letGo();
  expect(await outcome(pull(vehicle, from(three), listening().context))).toBe('1 taken');
});

describe('a folder that answers with a refusal', () => {
  test.each([
    ['EACCES', 'source.refused', 'source.unreachable-path'],
    ['ENOENT', 'source.refused', 'source.unreachable-path'],
    ['ESTALE', 'source.unavailable', 'source.unreachable-path'],
  ])('%s: configured %s, by hand %s', async (code, configured, byHand) => {
    const folder = newFolder();
    gone.paths = [folder];
    gone.code = code;
    expect((await fault(folder))[0]).toBe(configured);
    const error: unknown = await take(deliveriesFrom(vehicle, folder)).catch((it: unknown) => it);
    expect(error).toMatchObject({ code: byHand, details: { feed: 'vehicle', fault: code } });
    expect((error as Error).message).not.toContain(folder);
  });
});
