/**
 * The codes GraphQL clients branch on, which every tool knows, beside our own, which say more. Where
 * GraphQL or its server refused the request itself, its code stays; otherwise ours decides.
 */
import type { ErrorCode, ErrorKind, HubError } from '../base/errors.ts';

/** Codes of complaints about the request itself, before any resolver ran. */
export const REQUEST_CODES: ReadonlySet<string> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

const OF_KIND: Readonly<Record<ErrorKind, string>> = {
  caller: 'BAD_USER_INPUT',
  source: 'INTERNAL_SERVER_ERROR',
  config: 'INTERNAL_SERVER_ERROR',
  transient: 'SERVICE_UNAVAILABLE',
  bug: 'INTERNAL_SERVER_ERROR',
};

/** Where the kind alone does not say it. */
const OF_CODE: Readonly<Partial<Record<ErrorCode, string>>> = {
  'auth.required': 'UNAUTHENTICATED',
  'auth.invalid': 'UNAUTHENTICATED',
  'auth.no-account': 'FORBIDDEN',
  'auth.account-disabled': 'FORBIDDEN',
  'auth.account-not-in-force': 'FORBIDDEN',
  'auth.forbidden': 'FORBIDDEN',
  'document.unknown': 'PERSISTED_QUERY_NOT_FOUND',
  'document.none-registered': 'PERSISTED_QUERY_NOT_SUPPORTED',
  'document.required': 'PERSISTED_QUERY_ID_REQUIRED',
  'object.not-found': 'NOT_FOUND',
  'rate.exceeded': 'RATE_LIMITED',
  'request.too-costly': 'GRAPHQL_VALIDATION_FAILED',
};

export const standardCode = ({ code, kind }: HubError): string => OF_CODE[code] ?? OF_KIND[kind];
