/**
 * Pulls every feed that has a source, people first. A feed without a source, or one that is paused,
 * is named and passed over; a source that fails is named and does not hold up the others.
 */
import { randomUUID } from 'node:crypto';
import type { Connector } from '../../connectors/kit/index.ts';
import { HubError } from '../base/errors.ts';
import { pullRank } from '../pipeline/index.ts';
import type { Hub } from './hub.ts';
import type { Steps } from './steps.ts';
import { deliveriesOf, describeSync, syncDeliveries, whenFree } from './work.ts';

/** Feeds that nothing in the feeds file says where to find, in the order of their names. */
export const feedsWithoutSource = ({ connectors, sources }: Pick<Hub, 'connectors' | 'sources'>) =>
  [...connectors.values()].filter(({ id }) => !sources.has(id));

type Options = { signal: AbortSignal; requestedBy: string };

/** Returns how many feeds could not be pulled or sent what the contract refuses. */
export async function pullFeeds(hub: Hub, steps: Steps, options: Options): Promise<number> {
  const { signal, requestedBy } = options;
  const feeds = [...hub.connectors.values()].sort(
    (a, b) => pullRank(a.manifest) - pullRank(b.manifest),
  );
  let failed = 0;
  for (const feed of feeds) {
    const source = hub.sources.get(feed.id);
    if (signal.aborted) throw new HubError('run.stopped', { name: requestedBy });
    if (source === undefined) passOver(steps, feed, '没有来源，跳过 no source, passed over');
    else if (!source.isEnabled) passOver(steps, feed, '已暂停，跳过 paused, passed over');
    else if (!(await pullOne(hub, steps, feed, options))) failed += 1;
  }
  return failed;
}

const passOver = (steps: Steps, { id, manifest }: Connector, why: string) =>
  steps.say(`– ${manifest.title.zh} ${id}: ${why}`);

/** False when its source failed, or one of its deliveries was refused. */
async function pullOne(
  hub: Hub,
  steps: Steps,
  { id, manifest }: Connector,
  { signal, requestedBy }: Options,
): Promise<boolean> {
  const deliveries = deliveriesOf(hub, id, signal);
  const pulling = steps.run(`拉取${manifest.title.zh}`, `pull ${id}`, async (report) => {
    const request = { feedId: id, syncRunId: randomUUID(), requestedBy };
    const control = { signal, progress: report };
    const value = await whenFree(
      signal,
      () => syncDeliveries(hub, deliveries, request, control),
      steps.say,
    );
    return { value, note: describeSync(value) };
  });
  try {
    const { refused, outcome } = await pulling;
    for (const line of deliveries.notes.lines(outcome.deliveries)) steps.say(line);
    return refused === 0;
  } catch (error) {
    const isItsOwn = error instanceof HubError && error.code.startsWith('source.');
    if (!isItsOwn || signal.aborted) throw error;
    steps.say(`  ${error.chinese}\n  ${error.message}`);
    return false;
  }
}
