/**
 * Says what a foreign error means for the hub. Faults of the connection or of a moment (a server
 * restarting, a deadlock, a full disk) are worth another try, and those an operator can mend have
 * sentences of their own; everything else is ours to mend.
 */
import { HubError } from '../base/errors.ts';

type Meaning =
  | 'database.full'
  | 'database.crowded'
  | 'database.read-only'
  | 'database.unavailable'
  | 'storage.full';

/** SQLSTATEs, and codes of Node and the clients of PostgreSQL and Redis. The first that fits counts. */
const MEANINGS: readonly (readonly [code: RegExp, meaning: Meaning])[] = [
  [/^53100$/, 'database.full'],
  [/^53300$/, 'database.crowded'],
  [/^25006$/, 'database.read-only'],
  [
    /^(08...|53...|57P0.|57014|58...|40001|40P01|55P03|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|CONNECTION_\w+|CONNECT_TIMEOUT)$/,
    'database.unavailable',
  ],
  [/^(ENOSPC|EDQUOT)$/, 'storage.full'],
];

/** Refusals to write a file; a socket may be refused with the same codes. */
const isUnwritable = (error: object, code: string) =>
  /^(EROFS|EACCES|EPERM)$/.test(code) && !('syscall' in error && error.syscall === 'connect');

export function asHubError(error: unknown): HubError {
  if (error instanceof HubError) return error;
  if (!(error instanceof Error)) return new HubError('internal', {}, error);
  const code = 'code' in error ? String(error.code) : '';
  // Drizzle wraps the driver's error; its own message quotes the parameters, so only codes count.
  if (!code && error.cause) return asHubError(error.cause);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(code))?.[1];
  if (meaning) return new HubError(meaning, {}, error);
  return new HubError(isUnwritable(error, code) ? 'storage.read-only' : 'internal', {}, error);
}
