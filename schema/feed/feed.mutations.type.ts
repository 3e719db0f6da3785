/** Commands of operators: pull a feed now, run a correlation night now. */

import type { Grant } from '../../src/access/grants.ts';
import { startCorrelation } from '../../src/act/start-correlation.ts';
import { startSync } from '../../src/act/start-sync.ts';
import { builder, type Row, words } from '../builder.ts';
import type { RowRef } from '../fields.ts';
import { Night } from '../warning/night.type.ts';
import { SyncRun } from './feed.type.ts';

/** A run that was asked for; it has an id at once, and a row when a worker takes it up. */
const request = (name: string, grant: Grant, run: RowRef, said: { zh: string; en: string }) =>
  builder.objectRef<{ id: string }>(name).implement({
    description: words(said.zh, said.en),
    fields: (t) => ({
      id: t.id({
        ...{ grant, zh: '运行的全局编号', en: 'Global id of the run' },
        resolve: ({ id }) => id,
      }),
      run: t.field({
        ...{ grant, zh: '运行；尚未开始时为空', en: 'The run; null until it begins' },
        type: run,
        nullable: true,
        resolve: ({ id }, _, { reader, actor, seen }, info) =>
          reader.object<Row | null>(info, id, actor, seen),
      }),
    }),
  });

const SyncRequest = request('SyncRequest', 'feed.operate', SyncRun, {
  zh: '已请求的同步',
  en: 'A pull that was asked for',
});
const NightRequest = request('NightRequest', 'night.operate', Night, {
  zh: '已请求的比对',
  en: 'A night that was asked for',
});

builder.mutationFields((t) => ({
  startSync: t.field({
    ...{ grant: 'feed.operate', zh: '立即同步一个数据源', en: 'Pull a feed now' },
    type: SyncRequest,
    args: {
      feed: t.arg.string({ required: true, description: words('数据源代码', 'Code of the feed') }),
    },
    resolve: async (_, { feed }, { commands, actions }) => ({
      id: `SyncRun:${await startSync(commands, actions, feed)}`,
    }),
  }),
  startCorrelation: t.field({
    ...{ grant: 'night.operate', zh: '立即比对', en: 'Run a correlation night now' },
    type: NightRequest,
    args: {
      asOf: t.arg({
        type: 'Date',
        description: words('数据日期；默认今天', 'As of; default today'),
      }),
    },
    resolve: async (_, { asOf }, { commands, actions }) => ({
      id: `Night:${await startCorrelation(commands, actions, asOf ?? undefined)}`,
    }),
  }),
}));
