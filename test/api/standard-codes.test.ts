/** Codes that clients of any GraphQL server branch on, beside our own. */
import { expect, test } from 'vitest';
import { standardCode } from '../../src/api/standard-codes.ts';
import { ERRORS, type ErrorCode, HubError } from '../../src/base/errors.ts';
import { apiUnderTest } from './api-under-test.ts';

const api = apiUnderTest();

const STANDARD = [
  ...['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'RATE_LIMITED', 'BAD_USER_INPUT'],
  ...['GRAPHQL_VALIDATION_FAILED', 'SERVICE_UNAVAILABLE', 'INTERNAL_SERVER_ERROR'],
  // What Apollo's servers and routers say of documents asked for by id.
  ...['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED', 'PERSISTED_QUERY_ID_REQUIRED'],
];

test('every refusal has a standard code', () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const error: HubError = Reflect.construct(HubError, [code, {}]);
    expect([code, STANDARD.includes(standardCode(error))]).toEqual([code, true]);
  }
});

test.each([
  ['a text that is no GraphQL', '{ hello', {}, 'GRAPHQL_PARSE_FAILED', 'request.invalid'],
  ['an unknown field', '{ nowhere }', {}, 'GRAPHQL_VALIDATION_FAILED', 'request.invalid'],
  [
    ...['a variable of the wrong type', 'query Q($n: Int!) { number(n: $n) }'],
    ...[{ variables: { n: 'x' } }, 'BAD_USER_INPUT', 'request.invalid'],
  ],
  [
    ...['more than anybody may ask for', '{ things(first: 1000) { nodes { name } } }'],
    ...[{}, 'GRAPHQL_VALIDATION_FAILED', 'request.too-costly'],
  ],
  ['an object that is not there', '{ refused }', {}, 'NOT_FOUND', 'object.not-found'],
  ['a failure of ours', '{ database }', {}, 'INTERNAL_SERVER_ERROR', 'internal'],
  [
    ...['a token of nobody', '{ hello }'],
    ...[{ headers: { authorization: 'Bearer x' } }, 'UNAUTHENTICATED', 'auth.invalid'],
  ],
] as const)('a client can branch on %s', async (_, query, more, code, hubCode) => {
  const { post } = await api.get();
  const { errors } = await post(query, more);
  expect(errors).toMatchObject([{ extensions: { code, hubCode } }]);
});
