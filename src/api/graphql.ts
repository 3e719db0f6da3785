/**
 * Apollo Server as this hub runs it: nothing is sent to anyone outside (no landing page, usage or
 * schema reporting), every error is masked, one operation per request, and the cache-control plugin
 * is off because it wraps every field.
 */
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { AccessLog } from '../audit/access-log.ts';
import type { Log } from '../base/log.ts';
import type { Secret } from '../base/secret.ts';
import type { Reader } from '../read/index.ts';
import type { Limits } from './limits.ts';
import { loggedReads, type RequestContext, stringifyResult } from './logged-reads.ts';
import { maskError } from './mask-error.ts';

/**
 * A page of another origin sends none of these unless it was allowed to (cors.ts). Clients in general send
 * the first, so a GET of theirs needs nothing special; a request that a cookie alone would open has none.
 */
const NEVER_UNASKED = ['authorization', 'apollo-require-preflight', 'x-apollo-operation-name'];

export type GraphqlOptions = {
  schema: GraphQLSchema;
  reader: Reader;
  accessLog: AccessLog;
  identityKey: Secret;
  limits: Limits;
  log: Log;
};

/** True when the caller knows only the older media type, under which a refused document is 200. */
const wantsPlainJson = (accept: string | undefined) =>
  accept === undefined || !accept.includes('application/graphql-response+json');

/** GraphQL over HTTP: under application/json a well-formed request answers 200, whatever its errors. */
const plainJsonIsOk: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    async willSendResponse({ request, response, errors }) {
      const isWellFormed = errors?.every(({ extensions }) => extensions.code !== 'BAD_REQUEST');
      const isRefused = response.http.status === 400 && isWellFormed;
      if (isRefused && wantsPlainJson(request.http?.headers.get('accept'))) {
        response.http.status = 200;
      }
    },
  }),
};

/** Apollo reports what it cannot handle to its logger, with the message; ours keeps only the event. */
const quietLogger = (log: Log) => ({
  debug: () => undefined,
  info: () => undefined,
  warn: () => log.warn('apollo.warned'),
  error: () => log.warn('apollo.failed'),
});

/** An Apollo server, started. */
export async function openGraphql(options: GraphqlOptions): Promise<ApolloServer<RequestContext>> {
  const { schema, limits, log } = options;
  const server = new ApolloServer<RequestContext>({
    schema,
    introspection: true,
    csrfPrevention: { requestHeaders: NEVER_UNASKED },
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: quietLogger(log),
    parseOptions: { maxTokens: limits.tokens },
    formatError: (_, error) => maskError(error, log),
    stringifyResult,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      plainJsonIsOk,
      loggedReads(options),
    ],
  });
  await server.start();
  return server;
}
