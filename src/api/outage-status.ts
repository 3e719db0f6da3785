/**
 * What failed for a reason that passes is 503, under either media type, so that no proxy and no client
 * takes it for an answer. An answer of which a part was done keeps its status: repeating it would do
 * that part twice.
 */
import type { GraphQLResponse } from '@apollo/server';
import { RETRY_AFTER_S } from './mask-error.ts';

/** Sets status and Retry-After where the answer is an outage; call it when the body is final. */
export function markOutage({ body, http }: GraphQLResponse): void {
  if (body.kind !== 'single' || !body.singleResult.errors) return;
  const { data, errors } = body.singleResult;
  const isOutage = errors.some(({ extensions }) => extensions?.kind === 'transient');
  if (!isOutage || Object.values(data ?? {}).some((value) => value !== null)) return;
  delete body.singleResult.data;
  http.status = 503;
  http.headers.set('retry-after', String(RETRY_AFTER_S));
}
