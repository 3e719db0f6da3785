/**
 * Looks at a login before the hub works with it. A process whose login owns the tables, can become
 * their owner, or passes row policies has no second wall: it is refused, by the name of its setting.
 */
import { HubError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { connect, type DatabaseRole } from './database.ts';
import { LOADER } from './roles.ts';

type Look = {
  isMember: boolean;
  isSuperuser: boolean;
  bypasses: boolean;
  makesRoles: boolean;
  replicates: boolean;
  owns: boolean;
  others: string[];
  loaderMay: boolean;
};

type Reason = { zh: string; en: string };

const REASONS: readonly (readonly [keyof Look & string, Reason])[] = [
  ['isSuperuser', { zh: '是超级用户', en: 'is a superuser' }],
  ['bypasses', { zh: '可绕过行策略', en: 'bypasses row policies' }],
  ['makesRoles', { zh: '可建角色，因而可成为属主', en: 'may make roles, and so become the owner' }],
  ['replicates', { zh: '可复制整个服务器', en: 'may replicate the whole server' }],
  ['owns', { zh: '拥有本库的对象', en: 'owns the database or something in it' }],
  [
    'loaderMay',
    { zh: `可成为权限过大的 ${LOADER}`, en: `may become ${LOADER}, which may more than insert` },
  ],
];

/** What of a login is too much or too little; empty = fit for its role. */
function objectionsTo(look: Look, group: string): Reason[] {
  const found = REASONS.filter(([name]) => look[name] === true).map(([, reason]) => reason);
  // A superuser may become anybody; the list would only hide the reason.
  if (look.others.length > 0 && !look.isSuperuser) {
    const others = look.others.join(', ');
    found.push({ zh: `可成为 ${others}`, en: `may become ${others}` });
  }
  if (!look.isMember) found.push({ zh: `不属于 ${group}`, en: `is no member of ${group}` });
  return found;
}

const GROUP_OF = { api: 'hub_api', worker: 'hub_worker' } as const;

/** Refuses with `database.login-unsafe`; `setting` is where the login was written. */
export async function checkLogin(
  url: Secret,
  role: Exclude<DatabaseRole, 'owner'>,
  setting: string,
): Promise<void> {
  const group = GROUP_OF[role];
  const allowed = role === 'worker' ? [group, LOADER] : [group];
  const sql = connect(url, { role: 'owner', max: 1, name: 'hub-check' });
  try {
    const [look] = await sql<Look[]>`
      with reach as (select r.* from pg_roles r where pg_has_role(session_user, r.oid, 'member')),
      ours as (select oid from pg_namespace where nspname in ('hub', 'parts', 'migrations', 'bullmq')),
      loader as (select r.* from reach r where r.rolname = ${LOADER}),
      kept as (select c.oid, c.relname, c.relnamespace::regnamespace::text as place from pg_class c
               where c.relkind in ('r', 'p', 'v', 'm') and c.relnamespace in (select oid from ours))
      select exists (select from reach where rolname = ${group}) as "isMember",
        exists (select from reach where rolsuper) as "isSuperuser",
        exists (select from reach where rolbypassrls and rolname <> all(${allowed}::text[])) as bypasses,
        exists (select from reach where rolcreaterole) as "makesRoles",
        exists (select from reach where rolreplication) as replicates,
        exists (select from reach where oid in (
          select datdba from pg_database where datname = current_database()
          union all select nspowner from pg_namespace where oid in (select oid from ours)
          union all select relowner from pg_class where relnamespace in (select oid from ours)
          union all select proowner from pg_proc where pronamespace in (select oid from ours))) as owns,
        array(select rolname::text from reach where rolname <> session_user
              and rolname <> all(${allowed}::text[]) order by 1) as others,
        exists (select from loader, kept
                where has_table_privilege(loader.oid, kept.oid, 'select, update, delete, truncate')
                  or (has_table_privilege(loader.oid, kept.oid, 'insert') and not (place = 'hub'
                      and relname in ('landed_page', 'record_page', 'record')))) as "loaderMay"`;
    const objections = look ? objectionsTo(look, group) : [];
    if (objections.length === 0) return;
    throw new HubError('database.login-unsafe', {
      setting,
      objections: {
        zh: objections.map(({ zh }) => zh).join('，'),
        en: objections.map(({ en }) => en).join(', '),
      },
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
}
