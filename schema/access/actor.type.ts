/** Accounts, what happened to them and what waits for a second person; for administrators. */
import { builder } from '../builder.ts';
import { column, descending, expression, many, one, type RowRef, texts } from '../fields.ts';
import { equals, filterInput, sortKeys, when } from '../inputs.ts';
import { pages, rowType } from '../row-types.ts';
import { sourceOf } from '../sources.ts';
import { actor, actorChange } from './access.table.ts';
import { ActorChangeKind } from './actor-lists.ts';
import { colleague } from './colleague.type.ts';

const grant = 'actor.manage';
const actors = sourceOf(actor, [actor.actorId]);
const changes = sourceOf(actorChange, [actorChange.changeNo]);

const DECIDED = (t: string) =>
  `exists (select from hub.actor_change d where d.proposal_no = ${t}.change_no)`;
const waiting = (t: string) => `${t}.kind = 'proposed' and not ${DECIDED(t)}`;
const ofActor = (p: string, t: string) => `${t}.actor_id = ${p}.actor_id`;
/** Days are kept as ±infinity where there is none. */
const day = (name: string) => (t: string) =>
  `case when isfinite(${t}.${name}) then ${t}.${name} end`;

export const ActorChange: RowRef = rowType('ActorChange', {
  ...{ zh: '账号的一次变更；只增不改', en: 'One change of an account; only ever added' },
  source: changes,
  grant,
  fields: (t) => ({
    actor: one(t, Actor, { grant, zh: '账号', en: 'Account', source: actors, on: ofActor }),
    at: column(t, actorChange.at, { grant, zh: '时间', en: 'When' }),
    by: colleague(t, (row) => `${row}.by_id`, { grant, zh: '经办人', en: 'Who' }),
    kind: column(t, actorChange.kind, {
      ...{ grant, zh: '变更', en: 'What happened', type: ActorChangeKind },
    }),
    roles: texts(t, actorChange.roles, { grant, zh: '增减的角色', en: 'Roles given or taken' }),
    authorities: texts(t, actorChange.authorities, {
      ...{ grant, zh: '增减的机关', en: 'Authorities given or taken' },
    }),
    validFrom: expression(t, {
      ...{ grant, zh: '新的起始日', en: 'New first day', type: 'Date', nullable: true },
      sql: day('valid_from'),
    }),
    validThrough: expression(t, {
      ...{ grant, zh: '新的截止日', en: 'New last day', type: 'Date', nullable: true },
      sql: day('valid_through'),
    }),
    enables: column(t, actorChange.enables, {
      ...{ grant, zh: '重新启用', en: 'Opens the account again' },
    }),
    isWaiting: expression(t, {
      ...{ grant, zh: '待另一人批准', en: 'Waits for a second person', type: 'Boolean' },
      sql: waiting,
    }),
    reason: column(t, actorChange.reason, { grant, zh: '理由', en: 'Why' }),
  }),
});

export const Actor: RowRef = rowType('Actor', {
  ...{ zh: '账号', en: 'An account' },
  source: actors,
  grant,
  fields: (t) => ({
    account: column(t, actor.actorId, { grant, zh: '账号', en: 'Account' }),
    name: column(t, actor.name, { grant, zh: '姓名', en: 'Name' }),
    roles: texts(t, actor.roles, { grant, zh: '角色', en: 'Roles' }),
    authorities: texts(t, actor.authorities, {
      ...{ grant, zh: '可查看其所管干部的机关（代码）', en: 'Codes of the authorities it sees' },
    }),
    isEnabled: column(t, actor.isEnabled, { grant, zh: '启用', en: 'Enabled' }),
    validFrom: expression(t, {
      ...{ grant, zh: '有效期起', en: 'First day; null = no beginning', type: 'Date' },
      nullable: true,
      sql: day('valid_from'),
    }),
    validThrough: expression(t, {
      ...{ grant, zh: '有效期止（含当日）', en: 'Last day; null = no end', type: 'Date' },
      nullable: true,
      sql: day('valid_through'),
    }),
    changes: many(t, ActorChange, {
      ...{ grant, zh: '变更记录', en: 'What happened, newest first', source: changes, on: ofActor },
      orderBy: [descending('change_no')],
    }),
  }),
});

const ActorFilter = filterInput('ActorFilter', ['账号筛选', 'Filter of accounts'], {
  isEnabled: {
    ...{ grant, zh: '启用', en: 'Enabled', type: 'Boolean' },
    where: when((t) => `${t}.is_enabled`),
  },
  name: { grant, zh: '姓名', en: 'Name', type: 'String', where: equals('name') },
});
const ActorOrder = sortKeys('ActorOrder', ['账号排序', 'Order of accounts'], {
  NAME: { grant, zh: '姓名', en: 'Name', order: [{ sql: (t) => `${t}.name` }] },
});
const ChangeFilter = filterInput('ActorChangeFilter', ['变更筛选', 'Filter of changes'], {
  isWaiting: {
    ...{ grant, zh: '待另一人批准', en: 'Waits for a second person', type: 'Boolean' },
    where: when(waiting),
  },
  account: { grant, zh: '账号', en: 'Account', type: 'String', where: equals('actor_id') },
});
const ChangeOrder = sortKeys('ActorChangeOrder', ['变更排序', 'Order of changes'], {
  NEWEST: {
    ...{ grant, zh: '新者在前', en: 'Newest first' },
    order: [{ sql: (t) => `${t}.change_no`, isDescending: true }],
  },
});

builder.queryFields((t) => ({
  actors: pages(t, {
    ...{ grant, zh: '账号', en: 'Accounts', type: Actor, source: actors, filter: ActorFilter },
    orderBy: { keys: ActorOrder, byDefault: 'NAME' },
  }),
  actorChanges: pages(t, {
    ...{ grant, zh: '账号变更', en: 'Changes of accounts', type: ActorChange, source: changes },
    filter: ChangeFilter,
    orderBy: { keys: ChangeOrder, byDefault: 'NEWEST' },
  }),
}));
