import { readFileSync } from 'node:fs';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { LandedPage } from '../../src/pipeline/normalise/interpret-page.ts';
import {
  type Interpreters,
  openHere,
  openThreads,
} from '../../src/pipeline/normalise/interpreters.ts';
import { IDENTITY_KEY, littleCounty, residentId } from '../harness/deliver.ts';
import { income } from '../harness/little-packages.ts';

const context = { identityKey: IDENTITY_KEY };

const pageOf = (pageId: number, lines: readonly string[]): LandedPage => ({
  pageId,
  digest: '0'.repeat(32),
  sheet: 'income',
  lines: zstdCompressSync(lines.join('\n')),
});

/** Pages of good rows with a bad one, a torn one and text that COPY must escape among them. */
const pages = Array.from({ length: 9 }, (_, page) =>
  pageOf(
    page,
    Array.from({ length: 50 }, (_, at) => {
      const row = {
        ...income(residentId(at), String(2015 + page), '100000'),
        单位: `a\t\\"\n𠮷${at}`,
      };
      if (at === 7) return JSON.stringify(Object.values({ ...row, 收入额: 'viele' }));
      if (at === 8) return JSON.stringify(['torn']);
      return JSON.stringify(Object.values(row));
    }),
  ),
);

async function open() {
  const connector = (await littleCounty()).get('income');
  if (!connector) throw new Error('no income feed');
  const header = { income: Object.keys(income(residentId(1), '2025', '1')) };
  const batch = { feedId: 'income', asOf: '2026-06-30', header };
  return {
    here: await openHere(connector, batch, context),
    threads: await openThreads(connector, batch, context),
  };
}

const interpretAll = async ({ interpret }: Interpreters, pages: readonly LandedPage[]) =>
  (await Promise.all(pages.map(interpret))).map((page) => ({
    ...page,
    lines: new TextDecoder().decode(page.lines),
  }));

test('threads give the same lines, in the same order, as the work done here', async () => {
  const { here, threads } = await open();
  const expected = await interpretAll(here, pages);
  expect(await interpretAll(threads, pages)).toEqual(expected);
  expect(expected.map(({ rejected }) => rejected.length)).toEqual(pages.map(() => 2));
  expect(expected[0]?.lines.split('\n')).toHaveLength(49);
  await threads.close();
});

test('a page that breaks a thread fails, and so does what comes after', async () => {
  const { threads } = await open();
  const broken = pageOf(1, ['{']);
  const results = await Promise.allSettled([broken, broken, ...pages].map(threads.interpret));
  expect(results.map(({ status }) => status)).toEqual(results.map(() => 'rejected'));
  await expect(threads.interpret(broken)).rejects.toThrow();
  await threads.close();
});

test('closed in the middle of its work, nothing is left waiting', async () => {
  const { threads } = await open();
  const [broken = pageOf(1, [])] = pages;
  const asked = pages.map((page) => threads.interpret(page));
  const settled = Promise.allSettled(asked);
  await threads.close();
  expect(await settled).toHaveLength(pages.length);
  await expect(threads.interpret(broken)).rejects.toThrow();
});

/** Packages that a module and all it imports load, other than the platform's own. */
function packagesOf(url: URL, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  if (seen.has(url.href)) return found;
  seen.add(url.href);
  const source = readFileSync(url, 'utf8');
  for (const [, name = ''] of source.matchAll(
    /^(?:import|export) (?!type )[^;]*?from '([^']+)';/gm,
  )) {
    if (name.startsWith('node:')) continue;
    const more = name.startsWith('.') ? packagesOf(new URL(name, url), seen) : [name];
    for (const each of more) found.add(each);
  }
  return found;
}

test('a thread starts without the tables and the readers of manifests, which take longer than its work', () => {
  const thread = new URL('../../src/pipeline/normalise/interpreter-thread.ts', import.meta.url);
  expect([...packagesOf(thread)]).toEqual([]);
  expect(packagesOf(new URL('../../schema/fact-tables.ts', import.meta.url))).toContain(
    'drizzle-orm',
  );
});
