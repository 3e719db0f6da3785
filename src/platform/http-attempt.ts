/**
 * One HTTP request, watched from connecting to the last byte: each phase has a limit, the body is
 * counted after inflating, and a body that was cut is told apart from one that ended. Redirects are
 * answers like any other; nothing is followed and nothing is retried here.
 */
import type { LookupAddress } from 'node:dns';
import { lookup as dnsLookup } from 'node:dns';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type AddressRules, mayConnect } from './address-rules.ts';

export type HttpLimits = {
  connectMs: number;
  /** Longest silence, before headers or between two chunks. */
  idleMs: number;
  totalMs: number;
  /** Of the inflated body. */
  maxBytes: number;
};

export type AttemptFault =
  | 'unreachable'
  | 'timed-out'
  | 'truncated'
  | 'too-large'
  | 'forbidden-address'
  | 'undecodable'
  | 'aborted';

export type Attempt =
  | { kind: 'answer'; status: number; retryAfter: string | undefined; body: Buffer }
  | { kind: 'fault'; fault: AttemptFault };

export type AttemptRequest = {
  url: URL;
  headers: Readonly<Record<string, string>>;
  rules: AddressRules;
  limits: HttpLimits;
  signal?: AbortSignal | undefined;
  /** Replaces the system's resolver in tests. */
  resolve?: Resolve;
};

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

class Fault extends Error {
  readonly fault: AttemptFault;

  constructor(fault: AttemptFault) {
    super(fault);
    this.fault = fault;
  }
}

const resolveBySystem: Resolve = (host) =>
  new Promise((done, fail) => {
    dnsLookup(host, { all: true }, (error, found) => (error ? fail(error) : done(found)));
  });

/** Every address of the name must be allowed: a mixed answer is a rebinding attempt, not a choice. */
const guardedLookup =
  (rules: AddressRules, resolve: Resolve): LookupFunction =>
  (host, options, done) => {
    resolve(host).then(
      (found) => {
        const first = found[0];
        if (first === undefined) done(new Fault('unreachable'), '', 4);
        else if (!found.every((it) => mayConnect(it.address, rules))) {
          done(new Fault('forbidden-address'), '', 4);
        } else if (options.all) done(null, [...found]);
        else done(null, first.address, first.family);
      },
      () => done(new Fault('unreachable'), '', 4),
    );
  };

/** Aborts with a fault when a phase takes too long. */
function watch(limits: HttpLimits, outer: AbortSignal | undefined) {
  const control = new AbortController();
  const stop = (fault: AttemptFault) => control.abort(new Fault(fault));
  const total = setTimeout(stop, limits.totalMs, 'timed-out');
  let phase = setTimeout(stop, limits.connectMs, 'timed-out');
  const onOuter = () => stop('aborted');
  if (outer?.aborted) onOuter();
  outer?.addEventListener('abort', onOuter);
  return {
    signal: control.signal,
    alive() {
      clearTimeout(phase);
      phase = setTimeout(stop, limits.idleMs, 'timed-out');
    },
    end() {
      clearTimeout(total);
      clearTimeout(phase);
      outer?.removeEventListener('abort', onOuter);
    },
  };
}

type Watch = ReturnType<typeof watch>;

function open({ url, headers, rules, resolve = resolveBySystem }: AttemptRequest, watched: Watch) {
  const send = url.protocol === 'https:' ? secureRequest : plainRequest;
  return new Promise<IncomingMessage>((done, fail) => {
    const sent = send(url, {
      headers: { 'accept-encoding': 'identity', ...headers },
      agent: false,
      lookup: guardedLookup(rules, resolve),
      signal: watched.signal,
    });
    sent.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', watched.alive);
    });
    sent.on('response', done);
    sent.on('error', fail);
    sent.end();
  });
}

async function readBody(answer: IncomingMessage, limits: HttpLimits, watched: Watch) {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') throw new Fault('undecodable');
  const chunks: Buffer[] = [];
  let bytes = 0;
  answer.on('data', watched.alive);
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      bytes += chunk.length;
      // Counted after inflating: createGunzip has no limit of its own when it streams.
      if (bytes > limits.maxBytes) throw new Fault('too-large');
      chunks.push(chunk);
    }
  };
  const options = { signal: watched.signal };
  await (encoding === 'gzip'
    ? pipeline(answer, createGunzip(), collect, options)
    : pipeline(answer, collect, options));
  return Buffer.concat(chunks);
}

function faultOf(error: unknown, watched: Watch, hasHeaders: boolean): AttemptFault {
  const reason: unknown = watched.signal.reason;
  for (const it of [error, reason]) if (it instanceof Fault) return it.fault;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return 'truncated';
  if (code === 'Z_DATA_ERROR') return 'undecodable';
  // After the headers every break of the connection leaves half a body behind.
  return hasHeaders ? 'truncated' : 'unreachable';
}

/** Sends one GET and reads its whole answer within the limits. */
export async function attempt(request: AttemptRequest): Promise<Attempt> {
  const watched = watch(request.limits, request.signal);
  let answer: IncomingMessage | undefined;
  try {
    answer = await open(request, watched);
    watched.alive();
    const status = answer.statusCode ?? 0;
    const retryAfter = answer.headers['retry-after'];
    const isGood = status === 200;
    const body = isGood ? await readBody(answer, request.limits, watched) : Buffer.alloc(0);
    return { kind: 'answer', status, retryAfter, body };
  } catch (error) {
    return { kind: 'fault', fault: faultOf(error, watched, answer !== undefined) };
  } finally {
    watched.end();
    answer?.destroy();
  }
}
