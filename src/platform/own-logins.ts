/**
 * The logins a demo makes for itself, so that it works the way an installation does: one per role, with a
 * password of its own, both made of one key in the data folder. Two hubs beside each other in one server
 * have different ones; several processes of one hub have the same.
 */
import { createHash, createHmac } from 'node:crypto';
import { Secret } from '../base/secret.ts';
import { postgres } from './driver.ts';
import { loginSql } from './roles.ts';

const GROUPS = { api: 'hub_api', worker: 'hub_worker' } as const;
export type OwnLogins = Readonly<Record<keyof typeof GROUPS, Secret>>;

/** Made by another process at this moment. */
const RACED = /^(23505|42710|XX000)$/;

/** The database's URL under each login; `owner` must be allowed to make roles. Safe to run again. */
export async function ownLogins(owner: Secret, key: Secret): Promise<OwnLogins> {
  const place = createHash('sha256').update(key.reveal()).digest('hex').slice(0, 10);
  const sql = postgres(owner.reveal(), { max: 1, onnotice: () => undefined });
  const open = async (role: keyof typeof GROUPS): Promise<Secret> => {
    const name = `hub_${place}_${role}`;
    const password = createHmac('sha256', key.reveal()).update(name).digest('hex');
    const [found] = await sql`select 1 from pg_roles where rolname = ${name}`;
    if (!found) {
      // One transaction: a kill in the middle leaves no login without its password or its rights.
      const make = sql.begin((tx) =>
        tx.unsafe(loginSql({ name, password }, GROUPS[role]).join('\n')),
      );
      await make.catch((error: unknown) => {
        if (!(error instanceof postgres.PostgresError && RACED.test(error.code))) throw error;
      });
    }
    return withLogin(owner, name, password);
  };
  try {
    return { api: await open('api'), worker: await open('worker') };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function withLogin(url: Secret, name: string, password: string): Secret {
  const parsed = new URL(url.reveal());
  parsed.username = name;
  parsed.password = password;
  return new Secret(parsed.href);
}
