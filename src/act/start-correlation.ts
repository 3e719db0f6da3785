/** Asks for a correlation night now. The request is on record before the queue hears of it. */
import { checkJudgedDate } from '../base/judged-date.ts';
import type { ApiActions } from './api-actions.ts';
import { type CommandContext, runCommand } from './command.ts';

/** Returns the id of the night, which appears once a worker takes it up. */
export async function startCorrelation(
  context: CommandContext,
  actions: ApiActions,
  asOf: string | undefined,
): Promise<string> {
  await runCommand(context, {
    name: 'startCorrelation',
    grant: 'night.operate',
    async work() {
      if (asOf !== undefined) checkJudgedDate(asOf, context.clock);
    },
  });
  const { nightId } = await actions.startCorrelation(asOf, context.actor.id);
  return nightId;
}
