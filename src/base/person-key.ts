/**
 * Turns an identifier into the key that joins records: a UUID cut from HMAC-SHA256 under the
 * installation's identity key. The same identifier always gives the same key, so a rebuild gives
 * the same graph; without the key nobody can compute or invert it, so it may stand in URLs, jobs and
 * cursors where an ID number may not.
 */
import { createHmac } from 'node:crypto';
import type { Secret } from './secret.ts';

/** Stands where a record's person is not known yet, and where a finding is about no person. */
export const NO_PERSON = '00000000-0000-0000-0000-000000000000';

export const uuidFromBytes = (bytes: Buffer): string => {
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/**
 * `scheme` is resident-id, travel-document, or the kind of a subject that is no person (company, unit).
 * `canonical` must already be in canonical form (18 digits, upper-case X; document upper-case).
 */
export const personKey = (key: Secret, scheme: string, canonical: string): string =>
  uuidFromBytes(createHmac('sha256', key.reveal()).update(`${scheme}\n${canonical}`).digest());
