/**
 * Commands of operators: pull a feed now, run a correlation night now. A run that was asked for has an
 * id at once, and a row when the queue or a worker takes it up.
 */
import { startCorrelation } from '../../src/act/start-correlation.ts';
import { startSync } from '../../src/act/start-sync.ts';
import { words } from '../builder.ts';
import { command } from '../command/command.ts';
import { Night } from '../warning/night.type.ts';
import { SyncRun } from './feed.type.ts';

command('startSync', {
  ...{ grant: 'feed.operate', zh: '立即同步一个数据源', en: 'Pull a feed now' },
  input: (t) => ({
    feed: t.string({ required: true, description: words('数据源代码', 'Code of the feed') }),
  }),
  shows: {
    run: {
      ...{
        grant: 'feed.operate',
        zh: '同步；尚未登记时为空',
        en: 'The run; null until it is on record',
      },
      type: SyncRun,
    },
  },
  showsId: {
    runId: { grant: 'feed.operate', zh: '同步的全局编号', en: 'Global id of the run', of: 'run' },
  },
  run: async ({ feed }, { commands, actions }) => ({
    ids: { run: `SyncRun:${await startSync(commands, actions, feed)}` },
  }),
});

command('startCorrelation', {
  ...{ grant: 'night.operate', zh: '立即比对', en: 'Run a correlation night now' },
  input: (t) => ({
    asOf: t.field({
      type: 'Date',
      description: words('数据日期；默认今天', 'As of; default today'),
    }),
  }),
  shows: {
    night: {
      ...{
        grant: 'night.operate',
        zh: '比对；尚未登记时为空',
        en: 'The night; null until it is on record',
      },
      type: Night,
    },
  },
  showsId: {
    nightId: {
      grant: 'night.operate',
      zh: '比对的全局编号',
      en: 'Global id of the night',
      of: 'night',
    },
  },
  run: async ({ asOf }, { commands, actions }) => ({
    ids: { night: `Night:${await startCorrelation(commands, actions, asOf ?? undefined)}` },
  }),
});
