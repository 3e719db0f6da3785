/** Gives a warning to a person who may see and handle it. Assigning it again to the same is no change. */
import type { CalendarDate } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { Transaction } from '../platform/database.ts';
import { type CommandContext, runCommand } from './command.ts';
import { requireAction } from './warning-actions.ts';
import { mayHandle } from './warning-handlers.ts';
import { appendEvent, type Handled, lockWarning, type WarningRow } from './warning-row.ts';

/** One answer for "no such actor", "not in force" and "may not see this": the directory stays closed. */
async function requireHandler(
  tx: Transaction,
  row: WarningRow,
  { actorId, today }: { actorId: string; today: CalendarDate },
) {
  const [fit] = await tx.unsafe(
    `select 1 from hub.actor a where a.actor_id = $1 and ${mayHandle('a', '$2::date', '$3::smallint[]')}`,
    [actorId, today, `{${row.managedBy.join(',')}}`],
  );
  if (!fit) throw new HubError('warning.unfit-handler', { field: 'to' });
}

export type AssignWarning = { warningId: string; to: string };

/** new | assigned → assigned. */
export const assignWarning = (
  context: CommandContext,
  { warningId, to }: AssignWarning,
): Promise<Handled> =>
  runCommand(context, {
    name: 'assignWarning',
    grant: 'warning.handle',
    personOf: ({ row }) => row.personId,
    async work(tx) {
      const row = await lockWarning(tx, warningId);
      requireAction('assign', row, context.actor);
      await requireHandler(tx, row, { actorId: to, today: context.clock.today() });
      if (row.state === 'assigned' && row.assigneeId === to) return { row, isUnchanged: true };
      await tx`update hub.warning set state = 'assigned', assignee_id = ${to}
               where person_id = ${row.personId} and warning_id = ${warningId}`;
      await appendEvent(tx, row, context.clock, {
        kind: 'assigned',
        actorId: context.actor.id,
        detail: { to },
      });
      return { row };
    },
  });
