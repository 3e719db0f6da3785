/** Values GraphQL has no word for. All travel as texts, exactly as PostgreSQL writes them. */
import { builder, words } from './builder.ts';

const CALENDAR_DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

function parseDate(value: unknown): string {
  if (typeof value !== 'string' || !CALENDAR_DATE.test(value)) throw new TypeError('Date');
  const date = new Date(`${value}T00:00:00Z`);
  if (!date.toISOString().startsWith(value)) throw new TypeError('Date');
  return value;
}

/** Output only: nothing the hub is asked takes an instant or an amount. */
const refuse = (): never => {
  throw new TypeError('output only');
};

builder.scalarType('Date', {
  description: words('日期（中国历，YYYY-MM-DD）', 'Calendar date in China, YYYY-MM-DD'),
  serialize: (value) => value,
  parseValue: parseDate,
});

builder.scalarType('DateTime', {
  description: words('时刻（ISO 8601，东八区）', 'Instant, ISO 8601 with offset'),
  serialize: (value) => value,
  parseValue: refuse,
});

builder.scalarType('Yuan', {
  description: words(
    '金额：元，两位小数的文本，如 "1234567.89"；不经浮点数',
    'Amount in yuan as text with two decimals, e.g. "1234567.89"; never a float',
  ),
  serialize: (value) => value,
  parseValue: refuse,
});
