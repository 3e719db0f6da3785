/** Databases beside each other in one PostgreSQL server. */

import { Secret } from '../base/secret.ts';
import { postgres } from './driver.ts';

/** The same server, another database. */
export function urlOfDatabase(url: Secret, name: string): Secret {
  const parsed = new URL(url.reveal());
  parsed.pathname = `/${name}`;
  return new Secret(parsed.href);
}

/** That database, made if it is not there. */
export async function databaseIn(url: Secret, name: string): Promise<Secret> {
  const sql = postgres(url.reveal(), { max: 1, onnotice: () => undefined });
  try {
    const [found] = await sql`select 1 from pg_database where datname = ${name}`;
    // Two processes may find it missing; the second one's refusal is the first one's success.
    if (!found) {
      await sql`create database ${sql(name)}`.catch((error: unknown) => {
        if (!(error instanceof postgres.PostgresError && /^(42P04|23505)$/.test(error.code))) {
          throw error;
        }
      });
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
  return urlOfDatabase(url, name);
}
