/**
 * What every response tells a browser: load nothing from elsewhere, be shown inside nobody's frame,
 * keep nothing in a cache. Pages of other origins read nothing unless they are named (cors.ts).
 */
import type { FastifyInstance } from 'fastify';

const CONTENT_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'";
/** The explorer's editor writes style elements; the queue board names its own base address. */
const EXPLORER_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "font-src 'self' data:; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; " +
  "form-action 'none'";

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** Build output carries a hash in its name and holds no data, so it alone may be kept. */
const isAsset = (url: string) => url.startsWith('/explorer/assets/');

/** Sets the headers on everything this server sends. */
export function mountHeaders(app: FastifyInstance) {
  app.addHook('onSend', async (request, reply) => {
    const isPage = request.url.startsWith('/explorer') || request.url.startsWith('/operations');
    reply.headers({
      ...HEADERS,
      'content-security-policy': isPage ? EXPLORER_POLICY : CONTENT_POLICY,
      'cache-control': isAsset(request.url) ? 'private, max-age=31536000, immutable' : 'no-store',
    });
  });
}
