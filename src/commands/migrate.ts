/**
 * hub migrate: brings the database to the present schema and says so. It needs DATABASE_URL, the login of
 * the owner, and no other setting; --print-roles needs none, and takes the names from those there are.
 */
import { LOGIN_SETTINGS, type LoginOf, loadConfig } from '../base/config.ts';
import { createLog } from '../base/log.ts';
import { type Login, rolesSql } from '../platform/roles.ts';
import { migrateDatabase } from './databases.ts';
import { parse } from './options.ts';
import { Closing } from './stopping.ts';

const DEFAULT_NAMES: Readonly<Record<LoginOf, string>> = {
  owner: 'integrity_owner',
  worker: 'integrity_worker',
  api: 'integrity_api',
};

/** The login a setting names; its password is printed as the verifier PostgreSQL keeps. */
function loginOf(part: LoginOf): Login {
  const given = process.env[LOGIN_SETTINGS[part]];
  const { username, password } = given ? new URL(given) : { username: '', password: '' };
  return {
    name: decodeURIComponent(username) || DEFAULT_NAMES[part],
    password: decodeURIComponent(password) || undefined,
  };
}

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parse(args, { 'print-roles': { type: 'boolean' } });
  if (values['print-roles']) {
    // Reads .env and refuses what is no URL; nothing is required here.
    loadConfig([]);
    const [owner, api, worker] = [loginOf('owner'), loginOf('api'), loginOf('worker')];
    process.stdout.write(rolesSql({ owner, api, worker }));
    return 0;
  }
  const closing = new Closing();
  try {
    await migrateDatabase({ config: loadConfig(['owner']), log: createLog(), closing });
    process.stdout.write('数据库已是当前结构。The database has the present schema.\n');
  } finally {
    await closing.close();
  }
  return 0;
}
