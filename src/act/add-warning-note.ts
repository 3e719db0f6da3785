/** Writes a note into a warning's history; possible in every state, a concluded one included. */
import { type CommandContext, runCommand } from './command.ts';
import { appendEvent, checkText, lockWarning, type WarningRow } from './warning-row.ts';

export type AddWarningNote = { warningId: string; note: string };

/** Changes no state. */
export const addWarningNote = (
  context: CommandContext,
  { warningId, note }: AddWarningNote,
): Promise<WarningRow> =>
  runCommand(context, {
    name: 'addWarningNote',
    grant: 'warning.handle',
    personOf: (row) => row.personId,
    async work(tx) {
      const text = checkText(note);
      const row = await lockWarning(tx, warningId);
      await appendEvent(tx, row, context.clock, {
        kind: 'note',
        actorId: context.actor.id,
        note: text,
      });
      return row;
    },
  });
