/** What the reader may do to a warning now, and why not: the same bars as the commands have. */

import { WARNING_ACTIONS, type WarningAction, wrongState } from '../../src/act/warning-actions.ts';
import { mayHandle } from '../../src/act/warning-handlers.ts';
import type { WarningState } from '../../src/act/warning-row.ts';
import { HubError } from '../../src/base/errors.ts';
import type { Writer } from '../../src/read/index.ts';
import { Colleague } from '../access/colleague.type.ts';
import { expression, listField, type RowRef } from '../fields.ts';
import { closedList } from '../inputs.ts';
import { addFields, rowType } from '../row-types.ts';
import { WARNING_STATES } from './warning.codes.ts';
import { Warning } from './warning.type.ts';

const grant = 'warning.read';

const ActionName = closedList(
  'WarningAction',
  ['对预警的操作', 'What can be done to a warning'],
  Object.fromEntries(
    Object.entries(WARNING_ACTIONS).map(([name, { zh, en }]) => [name, [zh, en] as const]),
  ),
);

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const FORBIDDEN = 'auth.forbidden';
const STATES = Object.keys(WARNING_STATES) as WarningState[];

/** SQL of the code that bars an action on the warning in row `p`; null where nothing does. */
function barSql(action: WarningAction, p: string, w: Writer): string {
  if (!w.grants.has('warning.handle')) return quoted(FORBIDDEN);
  const { states, ...rest } = WARNING_ACTIONS[action];
  const allowed = states.map(quoted).join(', ');
  const isLead = w.grants.has('warning.lead');
  const bar = 'bar' in rest ? rest.bar : undefined;
  const more = bar
    ? `when ${bar.sql(p, { actorId: w.actorId, isLead })} then ${quoted(bar.code)}`
    : '';
  return `case when ${p}.state not in (${allowed}) then 'warning.wrong-state' ${more} end`;
}

const barsOf = (p: string, alias: string, w: Writer) => {
  const rows = (Object.keys(WARNING_ACTIONS) as WarningAction[]).map(
    (action, n) => `(${n}, ${quoted(action)}, ${barSql(action, p, w)}::text)`,
  );
  return `(select v.n, v.action, v.code, ${p}.state from (values ${rows.join(', ')}) v(n, action, code)) ${alias}`;
};

/** The sentence the command would refuse with. */
const reason = (row: string, say: (error: HubError) => string) => `case ${row}.code
  when '${FORBIDDEN}' then ${quoted(say(new HubError(FORBIDDEN)))}
  when 'warning.not-yours' then ${quoted(say(new HubError('warning.not-yours')))}
  when 'warning.same-person' then ${quoted(say(new HubError('warning.same-person')))}
  when 'warning.wrong-state' then case ${row}.state ${STATES.map(
    (state) => `when ${quoted(state)} then ${quoted(say(wrongState(state)))}`,
  ).join(' ')} end end`;

const PossibleAction: RowRef = rowType('PossibleAction', {
  ...{ zh: '您现在能否做某事', en: 'Something, and whether you may do it now' },
  grant,
  fields: (t) => ({
    action: expression(t, {
      ...{ grant, zh: '操作', en: 'What', type: ActionName },
      sql: (row) => `${row}.action`,
    }),
    isAllowed: expression(t, {
      ...{ grant, zh: '现在可以', en: 'Whether you may now', type: 'Boolean' },
      sql: (row) => `${row}.code is null`,
    }),
    reasonZh: expression(t, {
      ...{ grant, zh: '不可以的原因', en: 'Why not, in Chinese', type: 'String', nullable: true },
      sql: (row) => reason(row, ({ chinese }) => chinese),
    }),
    reasonEn: expression(t, {
      ...{ grant, zh: '不可以的原因（英文）', en: 'Why not', type: 'String', nullable: true },
      sql: (row) => reason(row, ({ message }) => message),
    }),
  }),
});

addFields([Warning], (t) => ({
  actions: listField(t, PossibleAction, {
    ...{ grant, zh: '您现在可以做什么', en: 'What you may do to it now, and why not' },
    plan: {
      kind: 'rows',
      rows: (p, alias, w) => ({
        from: barsOf(p, alias, w),
        where: [],
        orderBy: `${alias}.n`,
      }),
    },
  }),
  assignableActors: listField(t, Colleague, {
    ...{ grant: 'warning.handle', zh: '可承办的人员', en: 'Whom it can be assigned to' },
    plan: {
      kind: 'rows',
      rows: (p, alias, w) => ({
        from: `(select a.actor_id as account, a.name from hub.actor a
          where ${mayHandle('a', w.today, `${p}.managed_by`)}) ${alias}`,
        where: [],
        orderBy: `${alias}.account`,
      }),
    },
  }),
}));
