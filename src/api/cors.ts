/**
 * Pages of other origins read an answer only where the configuration names their origin, letter by letter.
 * They sign in as every caller does, by a token in a header: no cookie is ever accepted from them.
 */
import type { FastifyInstance } from 'fastify';

/** What a page may be told beside the body: see src/api/README.md. */
const EXPOSED = 'retry-after, www-authenticate';
/** Seconds a browser may remember that it may ask. */
const REMEMBERED_S = '600';
/** Pages of the hub itself; they are nobody else's to read. */
const OWN_PAGES = /^\/(explorer|operations)(\/|$|\?)/;
const LONGEST_LIST = 1_000;

/** Answers preflights of these origins, and marks answers as theirs to read. */
export function mountCors(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const allowed = new Set(origins);
  app.addHook('onRequest', async (request, reply) => {
    if (OWN_PAGES.test(request.url)) return undefined;
    // A cache between must not hand one origin's answer to another.
    void reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !allowed.has(origin)) return undefined;
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': EXPOSED,
    });
    const isPreflight = request.headers['access-control-request-method'] !== undefined;
    if (request.method !== 'OPTIONS' || !isPreflight) return undefined;
    const asked = request.headers['access-control-request-headers'] ?? '';
    return reply
      .headers({
        'access-control-allow-methods': 'GET, POST',
        // Headers give nobody rights here; the token does.
        'access-control-allow-headers': asked.slice(0, LONGEST_LIST),
        'access-control-max-age': REMEMBERED_S,
      })
      .code(204)
      .send();
  });
}
