/** Sends a proposal back with a reason; the proposer may also withdraw it this way. */
import { checkText } from './check-text.ts';
import { type CommandContext, runCommand } from './command.ts';
import { requireAction } from './warning-actions.ts';
import { appendEvent, type Handled, lockWarning } from './warning-row.ts';

export type ReturnConclusion = { warningId: string; reason: string };

/** proposed → assigned. */
export const returnConclusion = (
  context: CommandContext,
  { warningId, reason }: ReturnConclusion,
): Promise<Handled> =>
  runCommand(context, {
    name: 'returnConclusion',
    grant: 'warning.handle',
    personOf: ({ row }) => row.personId,
    async work(tx) {
      const note = checkText(reason, 'reason');
      const row = await lockWarning(tx, warningId);
      requireAction('return', row, context.actor);
      await tx`update hub.warning set state = 'assigned', proposed_conclusion = null,
               proposed_by = null where person_id = ${row.personId} and warning_id = ${warningId}`;
      const detail = { conclusion: row.proposedConclusion ?? '' };
      const actorId = context.actor.id;
      await appendEvent(tx, row, context.clock, { kind: 'returned', actorId, note, detail });
      return { row };
    },
  });
