/** hub sync <feed> | --all: pulls now, from the configured sources or from a file or folder. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig } from '../base/config.ts';
import { HubError } from '../base/errors.ts';
import type { FolderSource } from '../base/feed-settings.ts';
import { createLog } from '../base/log.ts';
import { type Hub, openHub } from './hub.ts';
import { dateOption, parse, UsageError } from './options.ts';
import { pullFeeds } from './pull-feeds.ts';
import { openSteps } from './steps.ts';
import { Closing, listenForStop } from './stopping.ts';
import {
  connectorOf,
  deliveriesByHand,
  deliveriesOf,
  describeSync,
  type SyncResult,
  syncDeliveries,
  whenFree,
} from './work.ts';

const BY = 'command';

type Charset = FolderSource['charset'];

/** A file brought by hand is in the charset agreed for the feed's folder, unless told otherwise. */
const agreedCharset = ({ sources }: Hub, feedId: string): Charset | undefined => {
  const source = sources.get(feedId);
  return source?.kind === 'file-drop' ? source.charset : undefined;
};

function charsetOption(text: string | undefined): Charset | undefined {
  if (text === undefined || text === 'utf-8' || text === 'gb18030') return text;
  throw new UsageError('--charset 应为 utf-8 或 gb18030', '--charset must be utf-8 or gb18030');
}

export async function run(args: readonly string[]): Promise<number> {
  const options = {
    all: { type: 'boolean' },
    from: { type: 'string' },
    'as-of': { type: 'string' },
    charset: { type: 'string' },
  } as const;
  const { values, positionals } = parse(args, options, 1);
  const feedId = positionals[0];
  if (values.all ? feedId !== undefined || values.from !== undefined : feedId === undefined) {
    throw new UsageError('请写明数据源，或只写 --all', 'Name the feed, or give --all alone');
  }
  const asOf = dateOption('as-of', values['as-of']);
  const from = values.from === undefined ? undefined : resolve(values.from);
  if (from && !existsSync(from)) throw new UsageError('--from 不存在', '--from does not exist');
  const byHand = { from, asOf, charset: charsetOption(values.charset) };
  const closing = new Closing();
  const { signal } = listenForStop();
  try {
    const hub = await openHub({
      config: loadConfig(['worker']),
      log: createLog(),
      closing,
      signal,
    });
    if (feedId !== undefined) await pullOne(hub, feedId, byHand, signal);
    else if (await pullFeeds(hub, openSteps(), { signal, requestedBy: BY })) return 1;
  } finally {
    await closing.close();
  }
  return 0;
}

type ByHand = { from: string | undefined; asOf: string | undefined; charset: Charset | undefined };

async function pullOne(hub: Hub, feedId: string, byHand: ByHand, signal: AbortSignal) {
  const { from, asOf, charset = agreedCharset(hub, feedId) } = byHand;
  connectorOf(hub, feedId);
  if (!from && !hub.sources.has(feedId)) {
    throw new HubError('feed.without-source', { feed: feedId });
  }
  const deliveries = from
    ? deliveriesByHand(hub, feedId, { from, signal, asOf, charset })
    : deliveriesOf(hub, feedId, signal);
  const request = { feedId, syncRunId: randomUUID(), requestedBy: BY };
  const steps = openSteps();
  let result: SyncResult | undefined;
  try {
    result = await steps.run('拉取', `pull ${feedId}`, async (report) => {
      const control = { signal, progress: report };
      const value = await whenFree(
        signal,
        () => syncDeliveries(hub, deliveries, request, control),
        steps.say,
      );
      return { value, note: describeSync(value) };
    });
  } finally {
    // Also where nothing of it could be used: then above all.
    for (const line of deliveries.notes.lines(result?.outcome.deliveries)) steps.say(line);
  }
  if (result.outcome.error) throw result.outcome.error;
}
