/**
 * What a caller may hear of an error: an allow-list. A HubError speaks for itself; GraphQL's own
 * complaints about a document are worded anew, keeping position and schema names but never a value
 * the caller sent and never a suggestion; everything else is `internal` with a reference number that
 * also stands in the log. Nothing of a foreign error's message is copied anywhere, because database
 * drivers put bound values into theirs.
 */
import { randomBytes } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { HubError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { asHubError } from '../platform/foreign-errors.ts';
import { refusals } from '../platform/metrics.ts';
import { REQUEST_CODES, standardCode } from './standard-codes.ts';
import { wordDocumentError } from './word-document-error.ts';

/** Seconds after which a caller may ask again what failed for a reason that passes. */
export const RETRY_AFTER_S = 5;

/** Signing in again would not help: the token is good, the account is not. */
const NO_ACCOUNT = /^auth\.(no-)?account/;

/** HTTP status of an error under application/graphql-response+json and outside GraphQL. */
export function statusOf(error: HubError): number {
  if (error.code === 'auth.required' || error.code === 'auth.invalid') return 401;
  if (NO_ACCOUNT.test(error.code)) return 403;
  if (error.code === 'rate.exceeded') return 429;
  if (error.kind === 'transient') return 503;
  return error.kind === 'caller' ? 400 : 500;
}

type Spoken = {
  /** To be given to the administrator, where it is also in the log. */
  reference?: string | undefined;
  /** GraphQL's own code, where the request itself was refused. */
  standard?: string | undefined;
};

/** One error as JSON, Chinese first; `code` is the standard one, `hubCode` ours. */
export function speak(
  error: HubError,
  { reference, standard }: Spoken = {},
): GraphQLFormattedError {
  const { code: hubCode, kind, chinese, message } = error;
  refusals.inc({ code: hubCode });
  const code = standard ?? standardCode(error);
  return {
    message: chinese,
    extensions: { code, hubCode, kind, english: message, ...(reference ? { reference } : {}) },
  };
}

/** GraphQL wraps what a resolver throws; the innermost error decides. */
function innermost(error: unknown): unknown {
  let at = error;
  while (at instanceof GraphQLError && at.originalError) at = at.originalError;
  return at;
}

const isAboutRequest = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError &&
  !error.path &&
  REQUEST_CODES.has(String(error.extensions.code ?? ''));

const place = (error: unknown) =>
  error instanceof GraphQLError
    ? {
        ...(error.locations ? { locations: error.locations } : {}),
        ...(error.path ? { path: error.path } : {}),
      }
    : {};

/**
 * The error as a caller outside GraphQL may hear it. What is not the caller's own mistake is logged,
 * and `internal` under the reference it gives the caller.
 */
export function speakAndLog(error: unknown, log: Log, event = 'api.failed') {
  const known = asHubError(error);
  const isInternal = known.code === 'internal';
  const reference = isInternal ? randomBytes(6).toString('hex') : undefined;
  if (known.kind !== 'caller') log.error(event, known, reference ? { reference } : {});
  return { known, spoken: speak(known, { reference }) };
}

/** The error as the caller may see it; foreign errors are logged under the reference they get. */
export function maskError(error: unknown, log: Log): GraphQLFormattedError {
  if (isAboutRequest(error)) {
    const inner = innermost(error);
    if (inner instanceof HubError) return { ...speak(inner), ...place(error) };
    const standard = String(error.extensions.code);
    return { ...speak(wordDocumentError(error), { standard }), ...place(error) };
  }
  return { ...speakAndLog(innermost(error), log).spoken, ...place(error) };
}
