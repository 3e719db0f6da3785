/** Which days exist. A year outside 1900–2100 is a placeholder (0000, 9999), not a date. */

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export const isRealYear = (year: number): boolean => year >= 1900 && year <= 2100;

/** True when the day exists in the calendar and the year is not a placeholder. */
export function isRealDate(year: number, month: number, day: number): boolean {
  if (!isRealYear(year) || day < 1) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 && isLeap ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0));
}

const two = (part: string): string => (part.length === 1 ? `0${part}` : part);

/** `YYYY-MM-DD`, or `null` when the parts are not a real day. */
export const isoDate = (year: string, month: string, day: string): string | null =>
  isRealDate(Number(year), Number(month), Number(day)) ? `${year}-${two(month)}-${two(day)}` : null;
