/**
 * The bare HTTP server: bounded bodies and times, refusals in our words, and an end that lets requests
 * under way finish.
 */
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { HubError, type Words } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { speak, speakAndLog, statusOf } from './mask-error.ts';
import { sendError, sendSpoken } from './refuse-early.ts';

export type HttpConfig = {
  /** Addresses whose X-Forwarded-* headers count; none unless configured. */
  trustedProxies: readonly string[];
  /** How long a caller may take to say what they want. */
  slowest?: Slowest;
};

/** Milliseconds for the headers, for the whole request, and between two looks at who is late. */
export type Slowest = { headersMs: number; requestMs: number; checkMs: number };

export type Http = { app: FastifyInstance; close(): Promise<void> };

const LONGEST_BODY = 128 * 1024;
/** Node looks for late callers every 30 s by default, which would double every limit. */
const SLOWEST: Slowest = { headersMs: 10_000, requestMs: 30_000, checkMs: 2_000 };
/** Nothing sent and nothing read for so long: longer than any query runs. */
const LONGEST_SILENCE_MS = 60_000;
const LONGEST_GRACE_MS = 10_000;

const REFUSED_BODIES: Readonly<Record<number, Words>> = {
  413: { zh: '请求体过大', en: 'the body is too large' },
  415: { zh: '不支持的内容类型', en: 'unsupported content type' },
};

/** Fastify's own refusals keep their status; their messages, which quote the request, do not. */
function handleErrors(app: FastifyInstance, log: Log) {
  app.setErrorHandler((error: FastifyError, _, reply) => {
    const status = error.statusCode ?? 500;
    const isCaller = status >= 400 && status < 500;
    if (!isCaller) {
      const { known, spoken } = speakAndLog(error, log, 'http.failed');
      return sendSpoken(reply, spoken, statusOf(known));
    }
    const reason = REFUSED_BODIES[status] ?? { zh: '格式不符', en: 'malformed request' };
    return sendError(reply, new HubError('request.invalid', { reason }), status);
  });
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).send({ errors: [speak(new HubError('object.not-found'))] }),
  );
}

/** A server without routes; `close` waits for answers, not for idle connections. */
export function openHttp({ trustedProxies, slowest = SLOWEST }: HttpConfig, log: Log): Http {
  const app = Fastify({
    bodyLimit: LONGEST_BODY,
    requestTimeout: slowest.requestMs,
    connectionTimeout: LONGEST_SILENCE_MS,
    http: { headersTimeout: slowest.headersMs, connectionsCheckingInterval: slowest.checkMs },
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    exposeHeadRoutes: false,
    logger: false,
  });
  let isClosing = false;
  // A page of another origin may send text/plain without asking; JSON it may not.
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('actor', null);
  app.addHook('onSend', async (_, reply) => {
    // Kept alive, the connection would hold the end up for over a minute.
    if (isClosing) void reply.header('connection', 'close');
  });
  handleErrors(app, log);
  return {
    app,
    async close() {
      isClosing = true;
      const timer = setTimeout(() => app.server.closeAllConnections(), LONGEST_GRACE_MS).unref();
      await app.close();
      clearTimeout(timer);
    },
  };
}
