/**
 * The roles of a hub. Rights hang on three roles nobody logs in as, shared by all hubs of a server:
 * `hub_api` and `hub_worker`, bound by row policies, and `hub_loader`, which passes them, may do nothing
 * but insert into three logs, and is taken by workers for a COPY alone. Processes log in as members of
 * one of them; the owner of the tables logs in to migrate and at no other time.
 */

import { HubError } from '../base/errors.ts';
import { postgres, type Sql } from './driver.ts';
import { scramVerifier } from './scram.ts';

type Client = Sql;

export const LOADER = 'hub_loader';

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Roles belong to the server: another hub may have made them, or be making them at this moment. */
const unlessThere = (statement: string) =>
  `DO $$ BEGIN ${statement}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;`;

const PLAIN = 'NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION';

const GROUPS = [
  unlessThere(`CREATE ROLE hub_api NOLOGIN NOBYPASSRLS ${PLAIN}`),
  unlessThere(`CREATE ROLE hub_worker NOLOGIN NOBYPASSRLS ${PLAIN}`),
  // COPY refuses tables with row policies; whoever may not make this role has rows go a slower way.
  unlessThere(`CREATE ROLE ${LOADER} NOLOGIN BYPASSRLS ${PLAIN}`),
  `GRANT ${LOADER} TO hub_worker;`,
];

export type Login = { name: string; password?: string | undefined };
export type Logins = { owner: Login; api: Login; worker: Login };

/** A role that logs in; its password travels as the verifier PostgreSQL keeps. */
export const loginSql = ({ name, password }: Login, group: string): string[] => [
  unlessThere(`CREATE ROLE ${quoted(name)} LOGIN NOBYPASSRLS ${PLAIN}`),
  ...(password === undefined
    ? []
    : [`ALTER ROLE ${quoted(name)} PASSWORD ${literal(scramVerifier(password))};`]),
  `GRANT ${group} TO ${quoted(name)};`,
];

/** What a database administrator runs once, as a superuser; safe to run again, PostgreSQL 15 and later. */
export function rolesSql({ owner, api, worker }: Logins): string {
  const unset = [owner, api, worker].filter(({ password }) => password === undefined);
  return [
    '-- 由数据库管理员以超级用户执行一次；可重复执行。 Run once by a database administrator, as a superuser; may be run again.',
    '-- 权限组，无人以其登录。 What rights hang on; nobody logs in as these.',
    ...GROUPS,
    '-- 属主：只用于 hub migrate；补写数据的迁移以 hub_worker 的行策略执行。',
    '-- The owner, for hub migrate alone; migrations that fill in data pass the policies as hub_worker.',
    ...loginSql(owner, 'hub_worker'),
    '-- 接口与后台任务各自的登录。 The logins of the API and of the workers.',
    ...loginSql(api, 'hub_api'),
    ...loginSql(worker, 'hub_worker'),
    ...unset.map(({ name }) => `-- 请设置密码 set its password: psql -c '\\password ${name}'`),
    '',
  ].join('\n');
}

type State = { missing: string[]; isWorker: boolean; hasLoader: boolean };

async function stateOf(sql: Client): Promise<State> {
  const [state] = await sql<State[]>`
    select array(select name from unnest(array['hub_api', 'hub_worker']) name
                 where not exists (select from pg_roles where rolname = name)) as missing,
      exists (select from pg_roles where rolname = 'hub_worker'
              and pg_has_role(current_user, oid, 'usage')) as "isWorker",
      exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid
              join pg_roles w on w.oid = m.member
              where g.rolname = ${LOADER} and g.rolbypassrls and w.rolname = 'hub_worker') as "hasLoader"`;
  return state ?? { missing: ['hub_api', 'hub_worker'], isWorker: false, hasLoader: false };
}

/** Not ours to make, made meanwhile, or being made at this moment. */
const TOLERATED = new Set(['42501', '42710', '23505', '42704', 'XX000']);

/**
 * Makes what is missing of the roles where the owner may; refuses with `database.roles-missing` where
 * somebody else has to.
 */
export async function ensureRoles(sql: Client): Promise<void> {
  const before = await stateOf(sql);
  if (before.missing.length === 0 && before.isWorker && before.hasLoader) return;
  for (const statement of [...GROUPS, 'GRANT hub_worker TO current_user']) {
    await sql.unsafe(statement).catch((error: unknown) => {
      if (!(error instanceof postgres.PostgresError && TOLERATED.has(error.code))) throw error;
    });
  }
  const { missing, isWorker } = await stateOf(sql);
  const roles = missing.length > 0 ? missing : isWorker ? [] : ['hub_worker'];
  if (roles.length > 0) throw new HubError('database.roles-missing', { roles: roles.join(', ') });
}
