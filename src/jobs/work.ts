/**
 * What the jobs do, as functions handed in by main: the job layer knows when, how often and what
 * after a failure, not what a sync or a night is.
 */
import type { CalendarDate } from '../base/clock.ts';
import type { RunningJob } from '../platform/queue.ts';

export type SyncRequest = { feedId: string; syncRunId: string; requestedBy: string };
export type NightRequest = {
  nightId: string;
  asOf: CalendarDate;
  mode: 'auto' | 'full' | 'delta';
  requestedBy: string;
};
/** How a running piece of work is watched and stopped. */
export type Control = Pick<RunningJob, 'signal' | 'progress'>;

export type Work = {
  sync(request: SyncRequest, control: Control): Promise<void>;
  correlate(request: NightRequest, control: Control): Promise<void>;
};
