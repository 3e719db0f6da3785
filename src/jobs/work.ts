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
/** A night under way that other processes may help with. */
export type HelpRequest = { nightId: string };
/** How a running piece of work is watched and stopped. */
export type Control = Pick<RunningJob, 'signal' | 'progress'>;

export type Work = {
  sync(request: SyncRequest, control: Control): Promise<void>;
  /** `onParts` is called once the night is cut into so many parts. */
  correlate(
    request: NightRequest,
    control: Control,
    onParts: (parts: number) => Promise<void>,
  ): Promise<void>;
  /** Takes parts of the night until none is left, or nothing when it is over. */
  help(request: HelpRequest, control: Control): Promise<void>;
};
