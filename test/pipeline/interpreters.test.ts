import { expect, test } from 'vitest';
import { CELL_END, ROW_END } from '../../src/pipeline/normalise/interpret-page.ts';
import {
  type Interpreters,
  openHere,
  openThreads,
} from '../../src/pipeline/normalise/interpreters.ts';
import { IDENTITY_KEY, littleCounty, residentId } from '../harness/deliver.ts';
import { income } from '../harness/little-packages.ts';

const context = { identityKey: IDENTITY_KEY };

const rowText = (ordinal: number, cells: unknown) =>
  [ordinal, 'income', JSON.stringify(cells)].join(CELL_END);

/** Pages of good rows with a bad one, a torn one and text that COPY must escape among them. */
const pages = Array.from({ length: 9 }, (_, page) =>
  Array.from({ length: 50 }, (_, at) => {
    const row = {
      ...income(residentId(at), String(2015 + page), '100000'),
      单位: `a\t\\"\n𠮷${at}`,
    };
    if (at === 7) return rowText(page * 50 + at, Object.values({ ...row, 收入额: 'viele' }));
    if (at === 8) return rowText(page * 50 + at, ['torn']);
    return rowText(page * 50 + at, Object.values(row));
  }).join(ROW_END),
);

async function open() {
  const connector = (await littleCounty()).get('income');
  if (!connector) throw new Error('no income feed');
  const header = { income: Object.keys(income(residentId(1), '2025', '1')) };
  const batch = { batchId: 1, feedId: 'income', header };
  return {
    here: await openHere(connector, batch, context),
    threads: await openThreads(connector, batch, context),
  };
}

const interpretAll = async ({ interpret }: Interpreters, texts: readonly string[]) =>
  (await Promise.all(texts.map(interpret))).map((page) => ({
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
  const broken = ['1', 'income', '{'].join(CELL_END);
  const results = await Promise.allSettled([broken, broken, ...pages].map(threads.interpret));
  expect(results.map(({ status }) => status)).toEqual(results.map(() => 'rejected'));
  await expect(threads.interpret(pages[0] ?? '')).rejects.toThrow();
  await threads.close();
});

test('closed in the middle of its work, nothing is left waiting', async () => {
  const { threads } = await open();
  const asked = pages.map((page) => threads.interpret(page));
  const settled = Promise.allSettled(asked);
  await threads.close();
  expect(await settled).toHaveLength(pages.length);
  await expect(threads.interpret(pages[0] ?? '')).rejects.toThrow();
});
