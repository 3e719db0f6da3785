/**
 * First half of a conclusion: whom the warning is assigned to, or the head, proposes it with a reason;
 * another person will decide.
 */
import { grantsOf } from '../access/roles.ts';
import { HubError } from '../base/errors.ts';
import { type CommandContext, runCommand } from './command.ts';
import type { Conclusion } from './conclusions.ts';
import {
  appendEvent,
  checkText,
  lockWarning,
  requireState,
  type WarningRow,
} from './warning-row.ts';

export type ProposeConclusion = { warningId: string; conclusion: Conclusion; reason: string };

/** assigned → proposed; throws warning.not-yours. The same proposal by the same person twice is one. */
export const proposeConclusion = (
  context: CommandContext,
  { warningId, conclusion, reason }: ProposeConclusion,
): Promise<WarningRow> =>
  runCommand(context, {
    name: 'proposeConclusion',
    grant: 'warning.handle',
    personOf: (row) => row.personId,
    async work(tx) {
      const note = checkText(reason);
      const actorId = context.actor.id;
      const row = await lockWarning(tx, warningId);
      const isRepeated =
        row.state === 'proposed' &&
        row.proposedBy === actorId &&
        row.proposedConclusion === conclusion;
      if (isRepeated) return row;
      requireState(row, 'assigned');
      const isLead = grantsOf(context.actor.roles).has('warning.lead');
      if (row.assigneeId !== actorId && !isLead) throw new HubError('warning.not-yours');
      await tx`update hub.warning set state = 'proposed', proposed_conclusion = ${conclusion},
               proposed_by = ${actorId} where person_id = ${row.personId} and warning_id = ${warningId}`;
      const detail = { conclusion };
      await appendEvent(tx, row, context.clock, { kind: 'proposed', actorId, note, detail });
      return row;
    },
  });
