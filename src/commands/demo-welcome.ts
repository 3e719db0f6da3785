/** What a person sees when the demo is ready: where it is, how to sign in, three things to try. */

import { ROLES } from '../access/roles.ts';
import { DEMO_ACTORS } from '../api/index.ts';
import type { Hub } from './hub.ts';
import type { Steps } from './steps.ts';

/** One official, everything the departments know: what is asked of him, and the rows that say so. */
const profileOf = (id: string) =>
  `{ cadre(id: "${id}") { name unitName postTitle posts { nodes { title startedOn } }
  family { nodes { relationZh name } } homes { nodes { address areaM2 } } vehicles { nodes { brand plate price } }
  travelDocuments { nodes { kind expiresOn } } trips { nodes { region leftOn returnedOn } } incomesByYear { year gross }
  declarations { nodes { year signedOn properties { nodes { address } } trips { nodes { region leftOn } } holdings { nodes { name amount } } } }
  audits { nodes { reportedOn finding } } petitions { nodes { receivedOn category } } sources { titleZh dataAsOf }
  warnings(first: 5) { nodes { severity questionZh evidence(first: 5) { nodes { labelZh valueZh delivered { payloadName row cells { column value } } } } } } } }`.replace(
    /\s+/g,
    ' ',
  );

/** Tables that fill a section of the profile. */
const SECTIONS = ['kinship', 'vehicle', 'trip', 'audit', 'petition', 'declared_holding'];

/** The official, if possible one with a warning, about whom most departments have something to say. */
async function knownBest(hub: Hub): Promise<string> {
  const has = SECTIONS.map(
    (table) =>
      `exists (select 1 from hub.${table} x where x.person_id = p.person_id and x.known_to = 'infinity')::int`,
  );
  const [row] = await hub.sql.unsafe<{ id: string }[]>(
    `select 'Cadre:' || p.person_id as id from hub.person p
     where p.is_official
       and p.managed_by && array(select authority_id from hub.authority where code = 'county')
     order by exists (select 1 from hub.warning w where w.person_id = p.person_id) desc,
       ${has.join(' + ')} desc, p.person_id limit 1`,
  );
  return row?.id ?? '';
}

const titles = (roles: readonly string[]) =>
  Object.entries(ROLES)
    .filter(([name]) => roles.includes(name))
    .map(([, role]) => `${role.zh} ${role.en}`)
    .join(', ');

export async function printWelcome(
  hub: Hub,
  { say }: Steps,
  { port, hasExplorer }: { port: number; hasExplorer: boolean },
): Promise<void> {
  const { mint } = hub.keys;
  const at = `http://127.0.0.1:${port}`;
  const [count] = await hub.sql`select count(*)::int as warnings from hub.warning`;
  say('');
  say(`就绪 Ready: ${at}/graphql（${count?.warnings} 条预警 warnings）`);
  if (!mint) return;
  say('');
  say('登录凭证，12 小时有效 Sign-in tokens, valid for 12 hours:');
  const tokens = new Map<string, string>();
  for (const { id, name, roles } of DEMO_ACTORS) {
    const token = await mint(id);
    tokens.set(id, token);
    say(`  ${id} ${name}（${titles(roles)}）`);
    say(`    ${token}`);
  }
  say('');
  say('试一试 Three things to try:');
  say(
    `  1. ${hasExplorer ? `在浏览器打开 Open ${at}/explorer/` : '浏览器页面未能构建 The explorer was not built'}`,
  );
  say('  2. 查询 Ask:');
  say(`     curl -s ${at}/graphql -H 'content-type: application/json' \\`);
  say(`       -H 'authorization: Bearer ${tokens.get(DEMO_ACTORS[0].id)}' \\`);
  say(`       -d '${JSON.stringify({ query: profileOf(await knownBest(hub)) })}'`);
  say('  3. 另开终端再跑一夜 In another terminal, run a night:');
  say(`     npm run hub -- correlate --as-of ${hub.clock.today()}`);
  say('');
  say('Ctrl-C 停止 stops. 日志 Log: hub.log');
}
