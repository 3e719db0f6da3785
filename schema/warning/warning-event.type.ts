/** What happened to a warning, by a person or by the machine: each kind of event fills the fields it has. */
import { colleague } from '../access/colleague.type.ts';
import { column, expression, one, type RowRef } from '../fields.ts';
import { rowType } from '../row-types.ts';
import { eventFacts } from './bilingual.type.ts';
import { Night, nights } from './night.type.ts';
import { warningEvent } from './warning.table.ts';
import { Conclusion, conclusionSql, Severity, WarningEventKind } from './warning-lists.ts';

const grant = 'warning.read';
const said = (name: string) => (row: string) => `${row}.detail->>'${name}'`;

export const WarningEvent: RowRef = rowType('WarningEvent', {
  ...{ zh: '办理记录', en: 'What happened to a warning' },
  grant,
  fields: (t) => ({
    at: column(t, warningEvent.at, { grant, zh: '时间', en: 'When' }),
    kind: column(t, warningEvent.kind, { grant, zh: '动作', en: 'What', type: WarningEventKind }),
    actor: colleague(t, (row) => `${row}.actor_id`, {
      ...{ grant, zh: '办理人；系统为空', en: 'Who; null = the hub itself' },
    }),
    noteZh: column(t, warningEvent.noteZh, { grant, zh: '说明', en: 'Note' }),
    assignee: colleague(t, said('to'), {
      ...{ grant, zh: '分办：承办人', en: 'Assigned: to whom' },
    }),
    conclusion: expression(t, {
      ...{ grant, zh: '拟结论、退回、办结：结论', en: 'Proposed, returned, concluded: which' },
      ...{ type: Conclusion, nullable: true },
      sql: (row) => conclusionSql(said('conclusion')(row)),
    }),
    night: one(t, Night, {
      ...{ grant: 'night.read', zh: '系统：哪次比对', en: 'By the hub: in which night' },
      source: nights,
      on: (p, n) => `${n}.night_id = (${said('nightId')(p)})::uuid`,
    }),
    severityBefore: expression(t, {
      ...{ grant, zh: '变化前的等级', en: 'Severity before', type: Severity, nullable: true },
      sql: said('severity'),
    }),
    factsBefore: eventFacts(t, { grant, zh: '变化前的取值', en: 'Values before' }),
  }),
});
