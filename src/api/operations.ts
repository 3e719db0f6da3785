/**
 * Pages for operators, mounted under /operations. A browser cannot send a token with a page it opens,
 * so an operator exchanges the token for a cookie that only these pages receive, that no script can
 * read, and that other sites' pages cannot make the browser send. Without it the browser is led to a page
 * that asks for the token.
 */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../access/actor.ts';
import { grantsOf } from '../access/roles.ts';
import type { AccessLog } from '../audit/access-log.ts';
import type { Clock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { speakAndLog, statusOf } from './mask-error.ts';
import { mountSignIn } from './operations-sign-in.ts';
import { sendSpoken } from './refuse-early.ts';
import type { SignIn } from './sign-in.ts';

/** A page handed in by main, such as the queue board. */
export type Mount = { path: `/operations/${string}`; plugin: FastifyPluginAsync };

type Session = { authorization: string; until: number };

const COOKIE = 'hub_operations';
const LIFETIME_MS = 60 * 60 * 1000;
const MOST_SESSIONS = 1_000;

const cookieOf = (request: FastifyRequest): string | undefined =>
  request.headers.cookie
    ?.split(';')
    .map((part) => part.trim().split('='))
    .find(([name]) => name === COOKIE)?.[1];

/** Without the query, which is the page's own affair. */
const pathOf = (url: string) => url.split('?')[0] ?? url;

const isUnknown = (error: unknown): boolean =>
  error instanceof HubError && (error.code === 'auth.required' || error.code === 'auth.invalid');

export type OperationsOptions = {
  signIn: SignIn;
  accessLog: AccessLog;
  clock: Clock;
  log: Log;
  mounts: readonly Mount[];
};

/** POST /operations/sign-in opens a session; every mount then asks for one, and for the right. */
export async function mountOperations(app: FastifyInstance, options: OperationsOptions) {
  const { signIn, accessLog, clock, log, mounts } = options;
  const sessions = new Map<string, Session>();

  /** The token is checked anew on every request, so a revoked operator is out at once. */
  const requireOperator = async (authorization: string | undefined): Promise<Actor> => {
    const actor = await signIn(authorization);
    if (!grantsOf(actor.roles).has('feed.operate')) throw new HubError('auth.forbidden');
    return actor;
  };

  /** What an operator does here is a command like any other: on record before it happens. */
  const enter = (actor: Actor, { method, url }: FastifyRequest) =>
    accessLog.write({ actorId: actor.id, operation: `${method} ${pathOf(url)}`, outcome: 'ok' });

  const refuse = (reply: FastifyReply, error: unknown) => {
    const { known, spoken } = speakAndLog(error, log, 'operations.failed');
    return sendSpoken(reply, spoken, known.code === 'auth.forbidden' ? 403 : statusOf(known));
  };

  app.post('/operations/sign-in', async (request, reply) => {
    const { authorization } = request.headers;
    try {
      await enter(await requireOperator(authorization), request);
    } catch (error) {
      return refuse(reply, error);
    }
    if (sessions.size >= MOST_SESSIONS) sessions.clear();
    const id = randomBytes(24).toString('base64url');
    const until = clock.now().getTime() + LIFETIME_MS;
    sessions.set(id, { authorization: authorization ?? '', until });
    const attributes = `Path=/operations; HttpOnly; SameSite=Strict; Max-Age=${LIFETIME_MS / 1000}`;
    return reply.header('set-cookie', `${COOKIE}=${id}; ${attributes}`).code(204).send();
  });

  const page = mountSignIn(
    app,
    mounts.map(({ path }) => path),
  );
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      const session = sessions.get(cookieOf(request) ?? '');
      const isOpen = session !== undefined && clock.now().getTime() < session.until;
      try {
        const actor = await requireOperator(isOpen ? session.authorization : undefined);
        if (request.method !== 'GET') await enter(actor, request);
      } catch (error) {
        const place = isUnknown(error) ? page.placeFor(request) : undefined;
        if (place) return reply.redirect(place);
        return refuse(reply, error);
      }
      // Such a page names its files relative to itself, so its address has to end in a slash.
      if (mounts.some(({ path }) => path === request.url)) return reply.redirect(`${request.url}/`);
    });
    for (const { path, plugin } of mounts) await scope.register(plugin, { prefix: path });
  });
}
