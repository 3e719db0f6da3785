import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { fixedClock } from '../../src/base/clock.ts';
import { HubError } from '../../src/base/errors.ts';
import { createLog } from '../../src/base/log.ts';
import {
  type FetchRequest,
  fetchBody,
  LONGEST_DELAY_MS,
  MOST_DELAYS,
  MOST_FAILURES,
} from '../../src/platform/fetch.ts';
import type { HttpLimits } from '../../src/platform/http-attempt.ts';
import { type Behaviour, type Cut, startLyingSource } from '../harness/feed-server.ts';

const source = await startLyingSource();
afterAll(() => source.close());

const CANARY = 'zqcanary7-secret';
const GOOD: Behaviour = { do: 'serve', body: 'good' };
const NOW = '2026-06-30T02:00:00Z';
let slept: number[] = [];
let logged = '';
beforeEach(() => {
  slept = [];
  logged = '';
  source.seen.length = 0;
});

const tools = () => ({
  clock: fixedClock(NOW),
  log: createLog((line) => {
    logged += line;
  }),
  patience: {
    sleep: async (ms: number) => {
      slept.push(ms);
    },
    random: () => 0,
  },
});

const get = (change: Partial<FetchRequest> = {}, limits: Partial<HttpLimits> = {}) =>
  fetchBody(
    {
      feed: 'real-estate',
      url: `${source.url}/titles`,
      rules: { origin: source.url, network: 'intranet', allowsHttp: false },
      headers: () => ({ gjgxjhpt_sign: CANARY }),
      limits,
      ...change,
    },
    tools(),
  );

const refusal = async (work: Promise<unknown>): Promise<HubError> => {
  const error = await work.then(
    () => undefined,
    (it: unknown) => it,
  );
  if (!(error instanceof HubError)) throw new Error('was not refused');
  return error;
};

/** Bad for the first `times` requests, good from then on. */
const badFor = (times: number, how: Behaviour) =>
  source.answer((_, n) => (n <= times ? how : GOOD));

describe('B1 a source that hangs or trickles is left at the limit and tried again', () => {
  const QUICK = { idleMs: 60, totalMs: 150 };
  test.each<[string, Behaviour]>([
    ['hangs before headers', { do: 'hang', when: 'before-headers' }],
    ['hangs after headers', { do: 'hang', when: 'after-headers' }],
    ['trickles for ever', { do: 'trickle' }],
  ])('%s', async (_, how) => {
    badFor(1, how);
    expect((await get({}, QUICK)).toString()).toBe('good');
    source.seen.length = 0;
    source.answer(how);
    const error = await refusal(get({}, QUICK));
    expect([error.code, error.kind, error.details.fault]).toEqual([
      'source.unavailable',
      'transient',
      'timed-out',
    ]);
    expect(source.seen).toHaveLength(MOST_FAILURES);
  });

  // One limit of the three, the others too long to help.
  const NEVER = 600_000;
  test.each<[string, Behaviour, Partial<HttpLimits>]>([
    ['silence before headers', { do: 'hang', when: 'before-headers' }, { idleMs: 60 }],
    ['silence within the body', { do: 'hang', when: 'after-headers' }, { idleMs: 60 }],
    ['a trickle that is never silent', { do: 'trickle' }, { totalMs: 60 }],
  ])('%s is ended by its own limit alone', async (_, how, limit) => {
    source.answer(how);
    const limits = { connectMs: NEVER, idleMs: NEVER, totalMs: NEVER, ...limit };
    expect((await refusal(get({}, limits))).details.fault).toBe('timed-out');
  });

  test('a run that is stopped stops waiting at once and does not ask again', async () => {
    const stop = new AbortController();
    source.answer(() => {
      setTimeout(() => stop.abort(), 1);
      return { do: 'hang', when: 'before-headers' };
    });
    const url = `${source.url}/titles`;
    const rules = { origin: source.url, network: 'intranet', allowsHttp: false } as const;
    const work = fetchBody(
      { feed: 'f', url, rules, headers: () => ({}) },
      { ...tools(), signal: stop.signal },
    );
    expect((await refusal(work)).details.fault).toBe('aborted');
    expect(source.seen).toHaveLength(1);
  });
});

describe('B2 Retry-After is obeyed up to a cap and does not count as a failure', () => {
  test.each([
    ['seconds', '7', 7000],
    ['a date', 'Tue, 30 Jun 2026 02:01:30 GMT', 90_000],
    ['a date in the past', 'Mon, 29 Jun 2026 00:00:00 GMT', 0],
    ['an absurd number', '999999999999', LONGEST_DELAY_MS],
    ['an absurd date', 'Fri, 31 Dec 9999 23:59:59 GMT', LONGEST_DELAY_MS],
    ['rubbish', 'soon', 1000],
    ['a negative number', '-5', 0],
  ])('%s', async (_, value, expected) => {
    badFor(1, { do: 'status', status: 429, headers: { 'retry-after': value } });
    expect((await get()).toString()).toBe('good');
    expect(slept).toEqual([expected]);
  });

  test('more delays than failures are borne, and yet not for ever', async () => {
    badFor(MOST_FAILURES + 2, { do: 'status', status: 429, headers: { 'retry-after': '1' } });
    expect((await get()).toString()).toBe('good');
    source.seen.length = 0;
    source.answer({ do: 'status', status: 429, headers: { 'retry-after': '1' } });
    expect((await refusal(get())).code).toBe('source.unavailable');
    expect(source.seen).toHaveLength(MOST_DELAYS);
  });
});

describe('B3 a passing fault is retried with growing pauses, a ceiling on attempts, never a crash', () => {
  test.each<[string, Behaviour]>([
    ['500', { do: 'status', status: 500 }],
    ['502', { do: 'status', status: 502 }],
    ['503', { do: 'status', status: 503 }],
    ['a reset connection', { do: 'reset' }],
  ])('%s', async (_, how) => {
    badFor(MOST_FAILURES - 1, how);
    expect((await get()).toString()).toBe('good');
    expect(slept).toEqual([1000, 2000, 4000, 8000]);
    source.seen.length = 0;
    source.answer(how);
    const error = await refusal(get());
    expect([error.code, error.kind]).toEqual(['source.unavailable', 'transient']);
    expect(source.seen).toHaveLength(MOST_FAILURES);
  });

  test('refused: nobody listens on the port', async () => {
    const gone = await startLyingSource();
    await gone.close();
    const rules = { origin: gone.url, network: 'intranet', allowsHttp: false } as const;
    const error = await refusal(get({ url: `${gone.url}/x`, rules }));
    expect([error.code, error.details.fault]).toEqual(['source.unavailable', 'unreachable']);
    expect(slept).toHaveLength(MOST_FAILURES - 1);
  });

  test('a name that does not resolve', async () => {
    const resolve = () => Promise.reject(new Error('ENOTFOUND'));
    const rules = { origin: 'https://gone.example', network: 'public', allowsHttp: false } as const;
    const request = { feed: 'f', url: 'https://gone.example/x', rules, headers: () => ({}) };
    const error = await refusal(fetchBody(request, { ...tools(), resolve }));
    expect([error.code, error.details.fault]).toEqual(['source.unavailable', 'unreachable']);
  });
});

describe('B4 a refusal is not retried and names feed and setting, never the secret', () => {
  test.each([
    [401, 'secret'],
    [403, 'secret'],
    [404, 'baseUrl'],
    [400, 'baseUrl'],
    [302, 'baseUrl'],
  ])('status %i', async (status, setting) => {
    source.answer({ do: 'status', status, headers: { 'x-echo': CANARY } });
    const error = await refusal(get());
    expect([error.code, error.kind, error.details.status]).toEqual([
      'source.refused',
      'config',
      status,
    ]);
    expect(error.message).toContain(`feeds.real-estate.${setting}`);
    expect(source.seen).toHaveLength(1);
    expect(source.seen[0]?.headers.gjgxjhpt_sign).toBe(CANARY);
    expect(JSON.stringify([error.message, error.details, error.stack, logged])).not.toContain(
      CANARY,
    );
  });
});

describe('B5 a body that was cut is never taken for a whole one', () => {
  const BODY = JSON.stringify(
    Array.from({ length: 5000 }, (_, n) => ({ n, text: `row ${n * 7919}` })),
  );
  test.each<[Cut]>([['content-length'], ['chunked'], ['gzip']])('%s', async (way) => {
    source.answer({ do: 'cut', way, body: BODY });
    expect((await refusal(get())).code).toBe('source.truncated');
    badFor(1, { do: 'cut', way, body: BODY });
    source.seen.length = 0;
    expect((await get()).toString()).toBe('good');
  });

  test('a whole body passes in every way of sending it', async () => {
    for (const how of ['serve', 'serve-gzip', 'close-delimited'] as const) {
      source.answer({ do: how, body: BODY });
      expect((await get()).toString()).toBe(BODY);
    }
    expect(source.seen[0]?.headers['accept-encoding']).toBe('identity');
  });

  test('an encoding that cannot be checked is refused', async () => {
    source.answer({ do: 'serve', body: 'x', headers: { 'content-encoding': 'br' } });
    expect((await refusal(get())).code).toBe('source.unreadable');
  });
});

describe('B6 size is limited on what comes out, not on what comes in', () => {
  const LIMIT = 1024 * 1024;
  test.each<[string, Behaviour]>([
    ['a gzip bomb of 64 MB', { do: 'bomb', bytes: 64 * LIMIT }],
    ['an endless body', { do: 'endless' }],
  ])('%s', async (_, how) => {
    source.answer(how);
    expect((await refusal(get({}, { maxBytes: LIMIT }))).code).toBe('source.too-large');
    expect(source.seen).toHaveLength(1);
  });
});
