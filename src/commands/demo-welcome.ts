/** What a person sees when the demo is ready: where it is, how to sign in, three things to try. */

import { ROLES } from '../access/roles.ts';
import { DEMO_ACTORS } from '../api/index.ts';
import type { Hub } from './hub.ts';
import type { Steps } from './steps.ts';

/** One official with an open warning: what is known, what is asked, and the rows that say so. */
const PROFILE = `{ cadres(first: 1, filter: { hasOpenWarning: true }) { nodes {
  name unitName postTitle homes(first: 5) { address areaM2 } vehicles(first: 5) { brand plate }
  warnings(first: 3) { severity questionZh
    evidence(first: 5) { labelZh valueZh delivered { payloadName row } } } } } }`.replace(
  /\s+/g,
  ' ',
);

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
  say(`       -d '${JSON.stringify({ query: PROFILE })}'`);
  say('  3. 另开终端再跑一夜 In another terminal, run a night:');
  say(`     npm run hub -- correlate --as-of ${hub.clock.today()}`);
  say('');
  say('Ctrl-C 停止 stops. 日志 Log: hub.log');
}
