/**
 * Which identity key a database was filled with. Person ids are hashes under that key: with another one
 * everything a department delivers would belong to people nobody knows.
 */
import { createHmac } from 'node:crypto';
import { HubError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { Sql } from './database.ts';

/** Tells keys apart and says nothing about them. */
export const fingerprintOf = (key: Secret): string =>
  createHmac('sha256', key.reveal())
    .update('integrity-hub identity key')
    .digest('hex')
    .slice(0, 32);

/** Refuses with `keys.identity-wrong`; the first process of all writes its key's fingerprint down. */
export async function checkIdentityKey(sql: Sql, key: Secret, now: Date): Promise<void> {
  const fingerprint = fingerprintOf(key);
  await sql`insert into hub.installation (identity_fingerprint, made_at)
    values (${fingerprint}, ${now}) on conflict do nothing`;
  const [known] = await sql<{ fingerprint: string }[]>`
    select identity_fingerprint as fingerprint from hub.installation`;
  if (known?.fingerprint !== fingerprint) throw new HubError('keys.identity-wrong');
}
