/** Arithmetic on calendar dates written YYYY-MM-DD. Comparison is comparison of the text. */
const DAY_MS = 86_400_000;

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

export const dateOf = (year: number, month: number, day: number): string =>
  `${pad(year, 4)}-${pad(month)}-${pad(day)}`;

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The same day of the month, clipped to day 28 so that it always exists. */
export function addMonths(date: string, months: number): string {
  const at = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  return dateOf(Math.floor(at / 12), (at % 12) + 1, Math.min(28, Number(date.slice(8))));
}

export const yearOf = (date: string): number => Number(date.slice(0, 4));

/** Day 0–364 of a year without 29 February. */
export function dayOfYear(year: number, day: number): string {
  const month = [31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365].findIndex((d) => day < d);
  const before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month] ?? 0;
  return dateOf(year, month + 1, day - before + 1);
}

/** Full years between birth and a date. */
export const ageOn = (bornOn: string, date: string): number =>
  yearOf(date) - yearOf(bornOn) - (date.slice(5) < bornOn.slice(5) ? 1 : 0);
