/** Sends a proposal back with a reason; the proposer may also withdraw it this way. */
import { type CommandContext, runCommand } from './command.ts';
import {
  appendEvent,
  checkText,
  lockWarning,
  requireState,
  type WarningRow,
} from './warning-row.ts';

export type ReturnConclusion = { warningId: string; reason: string };

/** proposed → assigned. */
export const returnConclusion = (
  context: CommandContext,
  { warningId, reason }: ReturnConclusion,
): Promise<WarningRow> =>
  runCommand(context, {
    name: 'returnConclusion',
    grant: 'warning.handle',
    personOf: (row) => row.personId,
    async work(tx) {
      const note = checkText(reason);
      const row = await lockWarning(tx, warningId);
      requireState(row, 'proposed');
      await tx`update hub.warning set state = 'assigned', proposed_conclusion = null,
               proposed_by = null where person_id = ${row.personId} and warning_id = ${warningId}`;
      const detail = { conclusion: row.proposedConclusion ?? '' };
      const actorId = context.actor.id;
      await appendEvent(tx, row, context.clock, { kind: 'returned', actorId, note, detail });
      return row;
    },
  });
