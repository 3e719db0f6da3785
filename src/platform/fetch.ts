/**
 * How the hub asks a department's server for something: only the configured address, a bounded
 * number of patient attempts, and one sentence at the end. The source's own words never reach a
 * message, so a private host cannot be explored through our errors.
 */
import type { Clock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { type AddressRules, allowedUrl } from './address-rules.ts';
import {
  type Attempt,
  type AttemptFault,
  attempt,
  type HttpLimits,
  type Resolve,
} from './http-attempt.ts';

export type Patience = {
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ x < 1, for the jitter. */
  random(): number;
};

export type FetchRequest = {
  feed: string;
  url: string;
  rules: AddressRules;
  /** Called for every attempt, because a signature carries the time. */
  headers(): Readonly<Record<string, string>>;
  limits?: Partial<HttpLimits>;
};

export type FetchTools = {
  clock: Clock;
  log: Log;
  signal?: AbortSignal | undefined;
  patience?: Patience | undefined;
  resolve?: Resolve | undefined;
};

export const HTTP_LIMITS: HttpLimits = {
  connectMs: 10_000,
  idleMs: 60_000,
  totalMs: 600_000,
  maxBytes: 64 * 1024 * 1024,
};

/** Attempts that may fail before the source counts as unavailable. */
export const MOST_FAILURES = 5;
/** Times a source may say "later" before we stop asking. */
export const MOST_DELAYS = 10;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** A source that asks for a day is asked again by the next scheduled run, not by this one. */
export const LONGEST_DELAY_MS = 300_000;

const sleep = (ms: number, signal?: AbortSignal) =>
  new Promise<void>((done) => {
    const timer = setTimeout(finish, ms);
    function finish() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      done();
    }
    signal?.addEventListener('abort', finish);
    if (signal?.aborted) finish();
  });

export const systemPatience: Patience = { sleep, random: Math.random };

/** Milliseconds that a Retry-After asks for, or undefined when it says nothing readable. */
export function retryAfterMs(text: string | undefined, now: Date): number | undefined {
  if (text === undefined) return undefined;
  const asked = /^\d+$/.test(text.trim())
    ? Number(text) * 1000
    : new Date(text).getTime() - now.getTime();
  return Number.isNaN(asked) ? undefined : Math.min(Math.max(asked, 0), LONGEST_DELAY_MS);
}

/** Doubling pauses, each shortened at random by up to half, so that sources are not hit in step. */
export const pauseMs = (failures: number, random: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS) * (1 - random / 2);

const FINAL_FAULTS: Partial<Record<AttemptFault, 'source.too-large' | 'source.address-forbidden'>> =
  {
    'too-large': 'source.too-large',
    'forbidden-address': 'source.address-forbidden',
  };

/** Faults and server errors pass; every other answer but 200 is a matter of configuration. */
function refuseForGood(made: Attempt, feed: string) {
  if (made.kind === 'fault') {
    const code = FINAL_FAULTS[made.fault];
    if (code !== undefined) throw new HubError(code, { feed });
    if (made.fault === 'undecodable') {
      throw new HubError('source.unreadable', { feed, reason: 'content-encoding' });
    }
    if (made.fault === 'aborted')
      throw new HubError('source.unavailable', { feed, fault: 'aborted' });
    return;
  }
  const { status } = made;
  if (status === 429 || status >= 500) return;
  const setting = status === 401 || status === 403 ? 'secret' : 'baseUrl';
  throw new HubError('source.refused', { feed, status, setting: `feeds.${feed}.${setting}` });
}

const describe = (made: Attempt) => (made.kind === 'fault' ? made.fault : `status ${made.status}`);

/** The body of a 200 answer, or the HubError that says why there is none. */
export async function fetchBody(request: FetchRequest, tools: FetchTools): Promise<Buffer> {
  const { feed, rules } = request;
  const { clock, log, signal, patience = systemPatience, resolve } = tools;
  const url = allowedUrl(request.url, rules);
  if (url === undefined) throw new HubError('source.address-forbidden', { feed });
  const limits = { ...HTTP_LIMITS, ...request.limits };
  let failures = 0;
  let delays = 0;
  for (;;) {
    const headers = request.headers();
    const made = await attempt({
      url,
      headers,
      rules,
      limits,
      signal,
      ...(resolve ? { resolve } : {}),
    });
    if (made.kind === 'answer' && made.status === 200) return made.body;
    refuseForGood(made, feed);
    const status = made.kind === 'answer' ? made.status : 0;
    const after = made.kind === 'answer' ? made.retryAfter : undefined;
    const asked = retryAfterMs(after, clock.now());
    // "Too many requests" is our haste, not the feed's failure, whether or not it names a time.
    const isDelay = status === 429 || (status === 503 && asked !== undefined);
    if (isDelay) delays += 1;
    else failures += 1;
    const fault = describe(made);
    log.warn('source.attempt-failed', { feed, fault, failures, delays });
    if (failures >= MOST_FAILURES || delays >= MOST_DELAYS) {
      const isCut = made.kind === 'fault' && made.fault === 'truncated';
      throw new HubError(isCut ? 'source.truncated' : 'source.unavailable', { feed, fault });
    }
    const pause = pauseMs(isDelay ? delays : failures, patience.random());
    await patience.sleep(isDelay ? (asked ?? pause) : pause, signal);
  }
}
