/** Who I am and what I may do. */
import { builder } from '../builder.ts';
import { column, few, type RowRef, texts } from '../fields.ts';
import { rootRow, rowType } from '../row-types.ts';
import { Authority, authorities } from '../unit/unit.type.ts';
import { actor } from './access.table.ts';

const grant = 'self.read';
const quoted = (text: string) => `"${text}"`;

const Me: RowRef = rowType('Me', {
  ...{ zh: '当前账号', en: 'The account that asks' },
  grant,
  fields: (t) => ({
    account: column(t, actor.actorId, { grant, zh: '账号', en: 'Account' }),
    name: column(t, actor.name, { grant, zh: '姓名', en: 'Name' }),
    roles: texts(t, actor.roles, { grant, zh: '角色', en: 'Roles' }),
    authorities: few(t, Authority, {
      ...{
        grant,
        zh: '可查看其所管干部的机关',
        en: 'Whose officials I may see',
        source: authorities,
      },
      on: (p, a) => `${a}.code = any(${p}.authorities)`,
    }),
    grants: texts(t, (_row, w) => `'[${[...w.grants].sort().map(quoted).join(',')}]'::json`, {
      ...{ grant, zh: '权限', en: 'What I may do' },
    }),
  }),
});

builder.queryFields((t) => ({
  me: rootRow(t, {
    ...{ grant, zh: '当前账号', en: 'The account that asks', type: Me, args: {} },
    rows: (a, w) => ({ from: `hub.actor ${a}`, where: [`${a}.actor_id = ${w.actorId}`] }),
  }),
}));
