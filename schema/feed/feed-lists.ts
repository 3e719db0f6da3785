/** Closed lists about feeds, and the sources of operations. */
import { closedList } from '../inputs.ts';

export const RunState = closedList('RunState', ['运行状态', 'State of a run'], {
  queued: ['排队中', 'Waiting to begin'],
  running: ['运行中', 'Running'],
  done: ['完成', 'Done'],
  failed: ['失败', 'Failed'],
  superseded: ['已被接管', 'Taken over'],
});
export const BatchState = closedList('BatchState', ['批次状态', 'State of a batch'], {
  landed: ['已落地', 'Landed'],
  normalised: ['已规整', 'Normalised'],
  resolved: ['已识别', 'Resolved'],
  linked: ['已入图', 'Linked'],
});
export const QuarantineState = closedList(
  'QuarantineState',
  ['隔离状态', 'State of a rejected row'],
  {
    open: ['待处理', 'Open'],
    replayed: ['已重放', 'Replayed'],
    dismissed: ['已忽略', 'Dismissed'],
  },
);
