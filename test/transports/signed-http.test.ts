import { createHash, createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { HttpSource } from '../../src/base/feed-settings.ts';
import { Secret } from '../../src/base/secret.ts';
import { pull } from '../../src/transports/index.ts';
import { type Answer, type SeenRequest, startLyingSource } from '../harness/feed-server.ts';
import { collect, feedNamed, listening, newFolder, outcome, outcomes, take } from './feeds.ts';

const source = await startLyingSource();
afterAll(() => source.close());
beforeEach(() => {
  source.seen.length = 0;
});

const SECRET = 'zqcanary7-secret-of-the-platform';
const settings: HttpSource = {
  kind: 'signed-http',
  isEnabled: true,
  schedule: undefined,
  maxBytes: 10_000_000,
  baseUrl: `${source.url}/api`,
  requester: 'linjiang-hub',
  service: undefined,
  resources: {},
  pageSize: 2000,
  secret: new Secret(SECRET),
  network: 'intranet',
  allowsHttp: false,
};
const realEstate = feedNamed('real-estate');
const PAGE = settings.pageSize;
const ROWS = 5000;

type Row = Record<string, unknown>;
const titles = (count: number, from = 0): Row[] =>
  Array.from({ length: count }, (_, n) => ({
    bdcdyh: `unit ${from + n}`,
    zl: '临江路\u2028一号\n',
  }));
const digestOf = (rows: readonly unknown[]) =>
  createHash('sha256')
    .update(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    .digest('hex');

type Kept = { asOf: string; sequence: number; rows: unknown[]; sha256?: string; total?: number };
type Lie = (page: Record<string, unknown>, count: number) => Record<string, unknown>;
const json = (data: unknown) =>
  ({ do: 'serve', body: JSON.stringify({ code: '0', data }) }) as const;

/** An honest platform over these deliveries; `lie` may bend every page. */
function platform(kept: Kept[], lie: Lie = (page) => page): Answer {
  let pages = 0;
  return ({ url }: SeenRequest) => {
    if (url.pathname.endsWith('/deliveries')) {
      return json(
        kept.map(({ rows, ...it }) => ({ total: rows.length, sha256: digestOf(rows), ...it })),
      );
    }
    const query = Object.fromEntries(url.searchParams);
    const found = kept.find(
      (it) => it.asOf === query.asOf && String(it.sequence) === query.sequence,
    );
    if (!found) return { do: 'status', status: 404 };
    const [number, size] = [Number(query.page), Number(query.size)];
    const rows = found.rows.slice((number - 1) * size, number * size);
    const { asOf, sequence } = found;
    pages += 1;
    return json(lie({ asOf, sequence, total: found.rows.length, page: number, rows }, pages));
  };
}

const june = { asOf: '2026-06-30', sequence: 1, rows: titles(ROWS) };

test('every page is asked for once, signed, and the rows arrive whole and in order', async () => {
  source.answer(platform([june]));
  const [taken] = await take(pull(realEstate, settings, listening().context));
  expect(taken).toMatchObject({ digest: digestOf(june.rows), asOf: '2026-06-30', sequence: 1 });
  expect(taken?.rows).toHaveLength(ROWS);
  expect(taken?.rows.at(-1)).toEqual({
    sheet: 'titles',
    header: ['bdcdyh', 'zl'],
    cells: ['unit 4999', '临江路\u2028一号\n'],
  });
  expect(source.seen.map(({ url }) => url.searchParams.get('page'))).toEqual([null, '1', '2', '3']);
  for (const { headers } of source.seen) {
    const [sid, rid, time] = ['real-estate-titles', 'linjiang-hub', String(headers.gjgxjhpt_rtime)];
    const sign = createHmac('sha256', SECRET)
      .update(sid + rid + time)
      .digest('base64');
    expect([headers.gjgxjhpt_sid, headers.gjgxjhpt_rid, headers.gjgxjhpt_sign]).toEqual([
      sid,
      rid,
      sign,
    ]);
  }
});

test('a resource may have another name than the sheet, and pages another size', async () => {
  source.answer(platform([june]));
  const renamed = { ...settings, resources: { titles: 'bdc/不动产' }, pageSize: 5000 };
  const [taken] = await take(pull(realEstate, renamed, listening().context));
  expect(taken).toMatchObject({ name: 'bdc/不动产_2026-06-30_1', digest: digestOf(june.rows) });
  const path = `/api/bdc/${encodeURIComponent('不动产')}`;
  expect(source.seen.map(({ url }) => url.pathname)).toEqual([`${path}/deliveries`, path]);
  // A header holds no Chinese: the service goes by the same name as in the address.
  expect(source.seen[0]?.headers.gjgxjhpt_sid).toBe(path.slice(5));
});

test('deliveries come oldest first, and what is known is not asked for again', async () => {
  const kept = [
    { asOf: '2026-06-30', sequence: 2, rows: titles(1, 30) },
    { asOf: '2026-05-31', sequence: 1, rows: titles(1, 10) },
    { asOf: '2026-06-30', sequence: 1, rows: titles(1, 20) },
  ];
  source.answer(platform(kept));
  const { context, digests } = listening();
  const taken = await take(pull(realEstate, settings, context));
  expect(taken.map((it) => [it.asOf, it.sequence])).toEqual([
    ['2026-05-31', 1],
    ['2026-06-30', 1],
    ['2026-06-30', 2],
  ]);
  for (const { digest } of taken.slice(0, 2)) digests.add(digest);
  source.seen.length = 0;
  expect((await take(pull(realEstate, settings, context))).map((it) => it.sequence)).toEqual([2]);
  expect(source.seen).toHaveLength(2);
});

test('a nested value keeps the rows as objects, and a missing key of a flat one is null', async () => {
  const flat = [{ a: '1' }, { b: '2', ['__proto__']: '3' }, 'no row', { a: null, b: '4' }];
  const nested = [{ a: '1', owners: [{ name: '张三' }] }, { a: '2' }, 7];
  source.answer(
    platform([
      { asOf: '2026-01-31', sequence: 1, rows: flat },
      { asOf: '2026-02-28', sequence: 1, rows: nested },
    ]),
  );
  const [first, second] = await take(pull(realEstate, settings, listening().context));
  expect(first?.rows[0]?.header).toEqual(['a', 'b', '__proto__']);
  expect(first?.rows.map((it) => it.cells)).toEqual([
    ['1', null, null],
    [null, '2', '3'],
    ['"no row"\ufffd'],
    [null, '4', null],
  ]);
  expect(second?.rows.map((it) => it.cells)).toEqual([nested[0], nested[1], ['7\ufffd']]);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

describe('B14 pages that repeat, vanish or change: a second reading, then the run fails', () => {
  const LIES: [string, Lie][] = [
    ['the same page twice', (page) => (page.page === 2 ? { ...page, rows: titles(PAGE) } : page)],
    ['a page under another number', (page) => (page.page === 2 ? { ...page, page: 1 } : page)],
    ['a page missing', (page) => (page.page === 2 ? { ...page, rows: [] } : page)],
    ['a row missing', (page) => (page.page === 3 ? { ...page, rows: titles(999, 4000) } : page)],
    ['a row too many', (page) => (page.page === 3 ? { ...page, rows: titles(1001, 4000) } : page)],
    [
      'page size halved while reading',
      (page) => (page.page === 2 ? { ...page, rows: titles(1000, 2000) } : page),
    ],
    [
      'the total grows while reading',
      (page) => (page.page === 3 ? { ...page, total: ROWS + 1 } : page),
    ],
    ['another date', (page) => (page.page === 2 ? { ...page, asOf: '2026-05-31' } : page)],
    [
      'a changed cell',
      (page) => (page.page === 1 ? { ...page, rows: [{ bdcdyh: 'x' }, ...titles(1999, 1)] } : page),
    ],
  ];
  test.each(LIES)('%s, once: read again and taken whole', async (_, lie) => {
    source.answer(platform([june], (page, count) => (count <= 3 ? lie(page, count) : page)));
    const { context, heard } = listening();
    const [taken] = await take(pull(realEstate, settings, context));
    expect(taken?.rows).toHaveLength(ROWS);
    expect(heard.log).toContain('source.pages-disagree');
  });

  test.each(LIES)('%s, always: nothing of it is used', async (_, lie) => {
    source.answer(platform([june], lie));
    expect(await outcome(pull(realEstate, settings, listening().context))).toBe('source.truncated');
  });

  test('fewer rows than the list declares', async () => {
    source.answer(platform([{ ...june, total: ROWS + 500 }]));
    expect(await outcome(pull(realEstate, settings, listening().context))).toBe('source.truncated');
  });
});

test('B14 one bad delivery does not hold up the others; a source that goes away ends the run', async () => {
  const kept = ['2026-04-30', '2026-05-31', '2026-06-30'].map((asOf, n) => ({
    asOf,
    sequence: 1,
    rows: titles(2, n),
  }));
  source.answer(
    platform(kept, (page) => (page.asOf === '2026-05-31' ? { ...page, rows: [] } : page)),
  );
  expect(await outcomes(pull(realEstate, settings, listening().context))).toEqual([
    '2026-04-30 2 rows',
    '2026-05-31 source.truncated',
    '2026-06-30 2 rows',
  ]);
  const honest = platform(kept);
  source.seen.length = 0;
  source.answer((request, n) => (n > 2 ? { do: 'status', status: 500 } : honest(request, n)));
  expect(await outcome(pull(realEstate, settings, listening().context))).toBe('source.unavailable');
});

test('B5 a page cut where no length can tell is truncated, not read', async () => {
  const honest = platform([june]);
  source.answer((request, count) => {
    const how = honest(request, count);
    return count === 3 && how.do === 'serve'
      ? { do: 'cut', way: 'close-delimited', body: how.body }
      : how;
  });
  expect(await outcome(pull(realEstate, settings, listening().context))).toBe('source.truncated');
});

test('B6 a delivery over the limit of its feed stops on the way', async () => {
  source.answer(platform([june]));
  const small = { ...settings, maxBytes: 100_000 };
  expect(await outcome(pull(realEstate, small, listening().context))).toBe('source.too-large');
  expect(source.seen.length).toBeLessThan(4);
});

test.each([
  ['an HTML page', '<html>no entry</html>', 'source.truncated'],
  ['no JSON', '{no entry}', 'source.unreadable'],
  ['no envelope', '[]', 'source.unreadable'],
  ['a list of another shape', '{"code":"0","data":[{"asOf":"yesterday"}]}', 'source.unreadable'],
  ['a code of the platform', '{"code":"4003","data":null}', 'source.refused'],
])('an answer that is %s stops the run', async (_, body, code) => {
  source.answer({ do: 'serve', body });
  expect(await outcome(pull(realEstate, settings, listening().context))).toBe(code);
});

test('L1 the secret is in no error and no log line, whatever the source answers', async () => {
  const { context, heard } = listening();
  const said: unknown[] = [];
  for (const status of [400, 401, 403, 404, 429, 500]) {
    source.answer({ do: 'status', status, headers: { 'retry-after': '1', 'x-echo': SECRET } });
    const error = await take(pull(realEstate, settings, context)).catch((it: unknown) => it);
    if (!(error instanceof Error)) throw new Error('was not refused');
    said.push(error.message, error.stack, JSON.stringify(error), JSON.stringify(error.cause));
  }
  expect(source.seen.length).toBeGreaterThan(10);
  expect(JSON.stringify(settings)).toContain('[secret]');
  const sign = String(source.seen[0]?.headers.gjgxjhpt_sign);
  for (const canary of [SECRET, Buffer.from(SECRET).toString('base64'), sign]) {
    expect(said.join() + heard.log).not.toContain(canary);
  }
});

test('L6 nothing of a delivery lies in the spool folder, neither while it is read nor after', async () => {
  source.answer(platform([june]));
  const spoolFolder = newFolder();
  const { context } = listening({ spoolFolder });
  for await (const { sheets } of pull(realEstate, settings, context)) {
    let rows = 0;
    for await (const _ of sheets) rows += 1;
    expect(rows).toBe(ROWS);
    // The rows may be asked for again, after an interruption of the next stage.
    expect(await collect(sheets)).toHaveLength(ROWS);
    expect(readdirSync(spoolFolder)).toEqual([]);
  }
  expect(readdirSync(spoolFolder)).toEqual([]);
});
