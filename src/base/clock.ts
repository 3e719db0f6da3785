/**
 * Time is injected: no module but this one reads the system clock, so a test can skip a night or
 * repeat one. Dates are calendar dates in China (UTC+8, no daylight saving), written YYYY-MM-DD.
 */
export type CalendarDate = string;

export type Clock = {
  /** The instant, for stamps and leases. */
  now(): Date;
  /** The calendar date in China at that instant. */
  today(): CalendarDate;
};

const CHINA_OFFSET_MS = 8 * 3600 * 1000;

export const chinaDate = (instant: Date): CalendarDate =>
  new Date(instant.getTime() + CHINA_OFFSET_MS).toISOString().slice(0, 10);

export const systemClock: Clock = {
  now: () => new Date(),
  today: () => chinaDate(new Date()),
};

/** A clock whose date stands still (a repeated night, the demo county) while instants go on. */
export const clockAt = (date: CalendarDate, base: Clock = systemClock): Clock => ({
  now: () => base.now(),
  today: () => date,
});

/** A clock for tests: stands at one instant until moved. */
export const fixedClock = (iso: string): Clock & { moveTo(iso: string): void } => {
  let instant = new Date(iso);
  return {
    now: () => new Date(instant),
    today: () => chinaDate(instant),
    moveTo: (next) => {
      instant = new Date(next);
    },
  };
};
