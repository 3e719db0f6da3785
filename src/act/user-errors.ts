/**
 * What a command may answer instead of doing what it was asked: the caller can mend it, so it stands in
 * the payload, typed and worded. Everything else (no right to it at all, an outage, a fault of ours) is
 * an error of the request.
 */
import type { ErrorCode, HubError } from '../base/errors.ts';

export const USER_ERRORS = [
  'object.not-found',
  'text.length',
  'date.malformed',
  'warning.wrong-state',
  'warning.not-yours',
  'warning.same-person',
  'warning.unfit-handler',
  'actor.unknown',
  'actor.exists',
  'actor.malformed-id',
  'actor.own-rights',
  'actor.same-person',
  'actor.exclusive-role',
  'actor.unknown-role',
  'actor.unknown-authority',
  'actor.revoke-extends',
  'proposal.decided',
  'feed.not-found',
  'feed.without-source',
  'night.in-future',
] as const satisfies readonly ErrorCode[];

export type UserErrorCode = (typeof USER_ERRORS)[number];

const CODES: ReadonlySet<string> = new Set(USER_ERRORS);

export const isUserError = (error: HubError): error is HubError<UserErrorCode> =>
  CODES.has(error.code);
