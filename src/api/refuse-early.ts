/**
 * What happens to a GraphQL request before Apollo sees it: sign-in before the body is even read, then
 * the limits on the document's shape. A text that passed is remembered, so a repeated query is parsed
 * once; a text with a syntax error is left to Apollo, which words it.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLFormattedError, parse } from 'graphql';
import type { Actor } from '../access/actor.ts';
import type { AccessLog } from '../audit/access-log.ts';
import { HubError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { purposeOf } from './access-entry.ts';
import { type DocumentParts, type Documents, speakOfDocument } from './documents.ts';
import { checkDocument, checkVariables, type Limits } from './limits.ts';
import { RETRY_AFTER_S, speak, speakAndLog, statusOf } from './mask-error.ts';
import type { SignIn } from './sign-in.ts';
import { wordDocumentError } from './word-document-error.ts';

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null;
  }
}

/** Texts are bounded by the body limit, so at worst this is some tens of megabytes. */
const MOST_REMEMBERED = 200;

/** An error outside Apollo, in the shape GraphQL clients read. */
export function sendError(reply: FastifyReply, error: HubError, status = statusOf(error)) {
  return sendSpoken(reply, speak(error), status);
}

/** The same for words already found. */
export function sendSpoken(reply: FastifyReply, spoken: GraphQLFormattedError, status: number) {
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  if (status === 503) void reply.header('retry-after', RETRY_AFTER_S);
  return reply
    .code(status)
    .type('application/json')
    .send({ errors: [spoken] });
}

/** Nobody unknown gets as far as having a body read; a failed attempt is logged. */
export const requireActor =
  (signIn: SignIn, accessLog: AccessLog, log: Log) =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      request.actor = await signIn(request.headers.authorization);
    } catch (error) {
      const { known, spoken } = speakAndLog(error, log, 'sign-in.failed');
      if (known.kind === 'caller' && known.code !== 'auth.required') {
        await logRefusal(request, known, accessLog, log);
      }
      return sendSpoken(reply, spoken, statusOf(known));
    }
  };

/** Only a token that is good says who it was; an administrator looks for that name in the log. */
async function logRefusal(
  request: FastifyRequest,
  { code, details }: HubError,
  accessLog: AccessLog,
  log: Log,
) {
  const actorId = String(details.actor ?? 'unknown');
  if (details.actor !== undefined) log.warn('sign-in.refused', { code, actor: actorId });
  await enterRefusal(request, { actorId, operation: 'sign-in', code }, accessLog, log);
}

async function enterRefusal(
  request: FastifyRequest,
  { actorId, operation, code }: { actorId: string; operation: string; code: string },
  accessLog: AccessLog,
  log: Log,
) {
  const purpose = purposeOf(request.headers['x-purpose']);
  await accessLog
    .write({ actorId, operation, purpose, outcome: `refused:${code}` })
    .catch((error: unknown) => log.error('audit.failed', error));
}

type GraphqlParts = DocumentParts & { variables?: unknown };

/** What was asked: the body of a POST, the parameters of a GET. */
export function partsOf(request: FastifyRequest): GraphqlParts {
  const source: unknown = request.method === 'GET' ? request.query : request.body;
  return typeof source === 'object' && source !== null ? source : {};
}

/** Variables of a GET arrive as JSON text. */
function variablesOf({ variables }: GraphqlParts): unknown {
  if (typeof variables !== 'string') return variables;
  try {
    return JSON.parse(variables);
  } catch {
    return undefined;
  }
}

function judge(query: string, limits: Limits): HubError | undefined {
  try {
    checkDocument(parse(query, { maxTokens: limits.tokens, noLocation: true }), limits);
    return undefined;
  } catch (error) {
    if (error instanceof HubError) return error;
    if (!(error instanceof GraphQLError)) throw error;
    // Other syntax errors are Apollo's to report, with their position.
    const worded = wordDocumentError(error);
    return worded.code === 'request.too-costly' ? worded : undefined;
  }
}

/** Eighteen characters, or fifteen of the older kind, also between others. */
const IDENTITY_NUMBER = /\p{Nd}{14,17}[\p{Nd}Xx]/u;
/** The hash of a registered document, which may look like one, stands in `extensions`. */
const holdsIdentityNumber = ({ query, variables }: GraphqlParts): boolean =>
  [query, variables].some((value) => IDENTITY_NUMBER.test(String(value)));
const IN_ADDRESS = new HubError('request.invalid', {
  reason: {
    zh: '网址会留在各处的日志中，不得带证件号码；请改用 POST（urql：preferGetMethod: false）',
    en: 'an address is logged on its way and must hold no identity number; send it by POST (urql: preferGetMethod: false)',
  },
});

/** Under the newer media type a refused document is 400; under plain JSON it is 200. */
const refusalStatus = (request: FastifyRequest) =>
  request.headers.accept?.includes('application/graphql-response+json') ? 400 : 200;

/** Puts registered documents in the place of their ids. */
export const takeRegistered =
  (documents: Documents, accessLog: AccessLog, log: Log) =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      if (request.actor) await documents.take(request.actor, partsOf(request));
      return undefined;
    } catch (error) {
      const { known, spoken } = speakAndLog(error, log, 'document.failed');
      if (known.kind !== 'caller') return sendSpoken(reply, spoken, statusOf(known));
      const actorId = request.actor?.id ?? 'unknown';
      await enterRefusal(
        request,
        { actorId, operation: 'document', code: known.code },
        accessLog,
        log,
      );
      return sendSpoken(reply, speakOfDocument(known), refusalStatus(request));
    }
  };

/** Refuses documents and variables beyond the limits, on POST and GET alike. */
export function limitRequest(limits: Limits, accessLog: AccessLog, log: Log) {
  const judged = new Map<string, HubError | undefined>();
  const refuse = async (
    request: FastifyRequest,
    reply: FastifyReply,
    error: HubError,
    { operation = 'oversized', status = refusalStatus(request) } = {},
  ) => {
    const actorId = request.actor?.id ?? 'unknown';
    await enterRefusal(request, { actorId, operation, code: error.code }, accessLog, log);
    return sendError(reply, error, status);
  };
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const parts = partsOf(request);
    if (request.method === 'GET' && holdsIdentityNumber(parts)) {
      return refuse(request, reply, IN_ADDRESS, { operation: 'address', status: 400 });
    }
    try {
      checkVariables(variablesOf(parts));
    } catch (error) {
      if (error instanceof HubError) return refuse(request, reply, error);
      throw error;
    }
    if (typeof parts.query !== 'string') return;
    const { query } = parts;
    if (!judged.has(query)) {
      if (judged.size >= MOST_REMEMBERED) judged.clear();
      judged.set(query, judge(query, limits));
    }
    const refusal = judged.get(query);
    if (refusal) return refuse(request, reply, refusal);
  };
}
