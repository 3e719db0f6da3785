/**
 * Says what a foreign error means for the hub. Faults of the connection or of a moment (a server
 * restarting, a deadlock, a full disk) are worth another try; everything else is ours to mend.
 */
import { HubError } from '../base/errors.ts';

/** SQLSTATE classes and codes, and the codes of Node and postgres.js, that pass by themselves. */
const PASSING =
  /^(08...|53...|57P0.|57014|58...|40001|40P01|55P03|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|CONNECTION_\w+|CONNECT_TIMEOUT)$/;

export function asHubError(error: unknown): HubError {
  if (error instanceof HubError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // Drizzle wraps the driver's error; its own message quotes the parameters, so only codes count.
  if (!code && error instanceof Error && error.cause) return asHubError(error.cause);
  if (PASSING.test(code)) return new HubError('database.unavailable', {}, error);
  return new HubError('internal', {}, error);
}
