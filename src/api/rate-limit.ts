/**
 * How often one may ask. An address is counted before anything is known or looked up, so that guessing
 * tokens stays cheap for us; an actor is counted after sign-in, whatever the address. Each process counts
 * for itself. Health checks are not counted: whoever watches over the process asks from one address.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HubError } from '../base/errors.ts';
import { sendError } from './refuse-early.ts';

/** Requests a minute; 0 = as many as they like. */
export type Rates = { readonly perAddress: number; readonly perActor: number };

const WINDOW_MS = 60_000;
/** Addresses and actors remembered at once; the longest silent one is forgotten first. */
const MOST_REMEMBERED = 20_000;
/** What one household or office is usually given. */
const IPV6_NETWORK = 64;

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/** Counts every request by its address from now on; gives the hook that counts by actor, for after sign-in. */
export async function mountRateLimit(app: FastifyInstance, rates: Rates): Promise<Hook> {
  await app.register(rateLimit, { global: false, cache: MOST_REMEMBERED });
  const hookFor = (max: number, keyOf: (request: FastifyRequest) => string): Hook => {
    if (max === 0) return async () => undefined;
    const count = app.createRateLimit({ max, timeWindow: WINDOW_MS, keyGenerator: keyOf });
    return async (request, reply) => {
      const counted = await count(request);
      if (counted.isAllowed || !counted.isExceeded) return undefined;
      const seconds = Math.max(1, counted.ttlInSeconds);
      void reply.header('retry-after', seconds);
      return sendError(reply, new HubError('rate.exceeded', { seconds }));
    };
  };
  const byAddress = hookFor(
    rates.perAddress,
    ({ ip }) => `address ${rateLimit.normalizeIP(ip, IPV6_NETWORK)}`,
  );
  app.addHook('onRequest', async (request, reply) =>
    request.url.startsWith('/health/') ? undefined : byAddress(request, reply),
  );
  return hookFor(rates.perActor, ({ actor }) => `actor ${actor?.id ?? ''}`);
}
