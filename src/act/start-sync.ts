/** Asks for a pull of one feed now. The request is on record before the queue hears of it. */
import { HubError } from '../base/errors.ts';
import type { ApiActions } from './api-actions.ts';
import { type CommandContext, runCommand } from './command.ts';

const FEED_ID = /^[a-z0-9-]{1,64}$/;

/** Returns the id of the run, which appears once a worker takes it up. */
export async function startSync(
  context: CommandContext,
  actions: ApiActions,
  feedId: string,
): Promise<string> {
  await runCommand(context, {
    name: 'startSync',
    grant: 'feed.operate',
    async work(tx) {
      const known = FEED_ID.test(feedId)
        ? await tx`select is_enabled from hub.feed where feed_id = ${feedId}`
        : [];
      // An unknown id is the caller's text and is not repeated.
      if (known.length === 0) throw new HubError('feed.not-found', { field: 'feed' });
      if (!known[0]?.is_enabled)
        throw new HubError('feed.without-source', { feed: feedId, field: 'feed' });
    },
  });
  const { syncRunId } = await actions.startSync(feedId, context.actor.id);
  return syncRunId;
}
