/** What an error of PostgreSQL means to the reader; none of its words are passed on. */
import { HubError } from '../base/errors.ts';
import { asHubError } from '../platform/foreign-errors.ts';

const TIME_LIMIT = '57014';

export function asReadError(error: unknown): HubError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === TIME_LIMIT) {
    return new HubError(
      'request.too-costly',
      { reason: { zh: '在时限内没有查完', en: 'it did not end in time' } },
      error,
    );
  }
  return asHubError(error);
}
