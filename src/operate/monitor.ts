/**
 * The listener for those who run a hub: GET /metrics, /health/live and /health/ready, on an address of
 * its own in every process, so that neither the API's clients nor its proxies come near it. It hands out
 * counts and states only; where it listens beyond this machine, /metrics asks for the token.
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Registry } from 'prom-client';
import type { Log } from '../base/log.ts';
import type { Secret } from '../base/secret.ts';
import { ownMetrics } from '../platform/metrics.ts';
import { ASK_AGAIN_S, type Readiness } from './readiness.ts';

export type MonitorOptions = {
  host: string;
  port: number;
  /** Asked of whoever reads metrics, as a bearer token. */
  token: Secret | undefined;
  isReady: Readiness;
  /** Metrics of the whole hub, where this process may read them. */
  stored?: { register: Registry; refresh(): Promise<void> };
  log: Log;
};

export type Monitor = { port: number; close(): Promise<void> };

/** However often it is asked, the database is asked no more often than this. */
const READING_LIFETIME_MS = 2_000;

function mayRead({ headers }: IncomingMessage, token: Secret | undefined): boolean {
  if (token === undefined) return true;
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token.reveal()}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Reads what is stored, together with whoever else asks at the moment. */
function shared(refresh: () => Promise<void>): () => Promise<void> {
  let reading: Promise<void> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (!reading || performance.now() - readAt > READING_LIFETIME_MS) {
      readAt = performance.now();
      reading = refresh();
    }
    return reading;
  };
}

const send = (response: ServerResponse, status: number, type: string, body: string) =>
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);

const sendState = (response: ServerResponse, status: number, state: string) => {
  if (status === 503) response.setHeader('retry-after', ASK_AGAIN_S);
  send(response, status, 'application/json', JSON.stringify({ status: state }));
};

/** Starts listening; port 0 takes any. */
export async function openMonitor(options: MonitorOptions): Promise<Monitor> {
  const { host, token, isReady, stored, log } = options;
  const all = stored ? Registry.merge([ownMetrics, stored.register]) : ownMetrics;
  const refresh = stored && shared(stored.refresh);

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const path = request.method === 'GET' ? request.url?.split('?')[0] : undefined;
    if (path === '/health/live') return sendState(response, 200, 'live');
    if (path === '/health/ready') {
      const ready = await isReady();
      return sendState(response, ready ? 200 : 503, ready ? 'ready' : 'not-ready');
    }
    if (path !== '/metrics') return sendState(response, 404, 'unknown');
    if (!mayRead(request, token)) {
      response.setHeader('www-authenticate', 'Bearer');
      return sendState(response, 401, 'token-required');
    }
    await refresh?.();
    return send(response, 200, all.contentType, await all.metrics());
  }

  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error('monitor.failed', error);
      sendState(response, 500, 'failed');
    });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port, host, done);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}
