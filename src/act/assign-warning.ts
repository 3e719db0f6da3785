/** Gives a warning to a person who may see and handle it. Assigning it again to the same is no change. */
import { ROLES } from '../access/roles.ts';
import type { CalendarDate } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { Transaction } from '../platform/database.ts';
import { type CommandContext, runCommand } from './command.ts';
import { appendEvent, lockWarning, requireState, type WarningRow } from './warning-row.ts';

const HANDLERS = Object.entries(ROLES).flatMap(([name, { grants }]) =>
  grants.some((grant) => grant === 'warning.handle') ? [name] : [],
);

/** One answer for "no such actor", "not in force" and "may not see this": the directory stays closed. */
async function requireHandler(
  tx: Transaction,
  row: WarningRow,
  { actorId, today }: { actorId: string; today: CalendarDate },
) {
  const [fit] = await tx`
    select 1 from hub.actor a join hub.authority u on u.code = any(a.authorities)
    where a.actor_id = ${actorId} and a.is_enabled
      and ${today}::date between a.valid_from and a.valid_through and a.roles && ${HANDLERS}::text[]
      and u.authority_id = any(${row.managedBy}::smallint[])`;
  if (!fit) {
    throw new HubError('request.invalid', {
      reason: { zh: '该人员不能办理此预警', en: 'this person cannot handle the warning' },
    });
  }
}

export type AssignWarning = { warningId: string; to: string };

/** new | assigned → assigned. */
export const assignWarning = (
  context: CommandContext,
  { warningId, to }: AssignWarning,
): Promise<WarningRow> =>
  runCommand(context, {
    name: 'assignWarning',
    grant: 'warning.handle',
    personOf: (row) => row.personId,
    async work(tx) {
      const row = await lockWarning(tx, warningId);
      requireState(row, 'new', 'assigned');
      await requireHandler(tx, row, { actorId: to, today: context.clock.today() });
      if (row.state === 'assigned' && row.assigneeId === to) return row;
      await tx`update hub.warning set state = 'assigned', assignee_id = ${to}
               where person_id = ${row.personId} and warning_id = ${warningId}`;
      await appendEvent(tx, row, context.clock, {
        kind: 'assigned',
        actorId: context.actor.id,
        detail: { to },
      });
      return row;
    },
  });
