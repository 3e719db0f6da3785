/**
 * The documents of a client as its own tools write them down: Apollo's persisted query manifest, Relay's
 * persisted queries, the persisted documents of graphql-codegen, or any other list of texts by id.
 */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  validate,
} from 'graphql';
import { z } from 'zod';
import { HubError } from '../base/errors.ts';
import { parseOrRefuse } from '../base/invalid-setting.ts';
import { costAsDeclared, invalidRequest } from '../read/index.ts';
import { DOCUMENT_ID } from './documents.ts';
import { checkDocument, type Limits } from './limits.ts';
import { wordDocumentError } from './word-document-error.ts';

const id = z.string().regex(DOCUMENT_ID);

/** https://www.apollographql.com/docs/graphos/platform/security/persisted-queries */
const apollo = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id, body: z.string() })),
});
const plain = z.record(id, z.string());

/** Texts by id, in the order of the file; `name` stands in what is said of it where it is none. */
export function readManifest(name: string, text: string): Map<string, string> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    const reason = `${name}: is not JSON`;
    throw new HubError('config.invalid', { setting: name, reason });
  }
  const isApollo = typeof given === 'object' && given !== null && 'operations' in given;
  if (!isApollo) return new Map(Object.entries(parseOrRefuse(plain, given, name)));
  const { operations } = parseOrRefuse(apollo, given, name);
  const texts = new Map(operations.map(({ id, body }) => [id, body]));
  const doubled = operations.find(({ id, body }) => texts.get(id) !== body);
  if (doubled) throw new HubError('document.other-text', { id: doubled.id });
  return texts;
}

/** As long as an identity number. */
const LONG_NUMBER = /\p{Nd}{14,}/u;

function check(schema: GraphQLSchema, text: string, limits: Limits & { objects: number }): void {
  if (LONG_NUMBER.test(text)) {
    throw invalidRequest('证件号码须作为变量发送', 'an identity number is sent as a variable');
  }
  const document: DocumentNode = parse(text, { maxTokens: limits.tokens, noLocation: true });
  checkDocument(document, limits);
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operations.length !== 1) {
    throw invalidRequest('一个编号只能是一个操作', 'a document holds exactly one operation');
  }
  const [error] = validate(schema, document);
  if (error) throw error;
  costAsDeclared(schema, document, limits);
}

/** Why a document would be refused whenever it is asked, whatever its variables; undefined if it may run. */
export function judgeDocument(
  schema: GraphQLSchema,
  text: string,
  limits: Limits & { objects: number },
): HubError | undefined {
  try {
    check(schema, text, limits);
    return undefined;
  } catch (error) {
    if (error instanceof HubError) return error;
    if (!(error instanceof GraphQLError)) throw error;
    const isSyntax = error.message.startsWith('Syntax Error');
    const code = isSyntax ? 'GRAPHQL_PARSE_FAILED' : 'GRAPHQL_VALIDATION_FAILED';
    return wordDocumentError(new GraphQLError(error.message, { extensions: { code } }));
  }
}
