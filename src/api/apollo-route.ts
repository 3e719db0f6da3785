/**
 * GraphQL over HTTP on Fastify: what was asked, as the hooks before left it, goes to Apollo, and what Apollo
 * answers goes out. A registered document has taken the place of its id by then (documents.ts), on POST and
 * on GET alike, so Apollo is told the text and never the address that was called.
 */
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HubError } from '../base/errors.ts';
import { partsOf } from './refuse-early.ts';

type ContextOf<Context> = (request: FastifyRequest, reply: FastifyReply) => Context;

/** A parameter given twice stays twice: Apollo refuses it. */
function searchOf(parts: object): string {
  const search = new URLSearchParams();
  for (const [name, given] of Object.entries(parts)) {
    for (const value of [given].flat()) search.append(name, String(value));
  }
  return `?${search}`;
}

function headersOf(request: FastifyRequest): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, [value].flat().join(', '));
  }
  return headers;
}

/** GET and POST on /graphql. */
export function mountApollo<Context extends object>(
  scope: FastifyInstance,
  apollo: ApolloServer<Context>,
  contextOf: ContextOf<Context>,
): void {
  scope.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    async handler(request, reply) {
      const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: request.method,
          headers: headersOf(request),
          search: request.method === 'GET' ? searchOf(partsOf(request)) : '',
          body: request.body,
        },
        context: async () => contextOf(request, reply),
      });
      // Only @defer and @stream would answer in pieces, and the schema has neither.
      if (body.kind !== 'complete') throw new HubError('internal');
      for (const [name, value] of headers) void reply.header(name, value);
      return reply.code(status ?? 200).send(body.string);
    },
  });
}
