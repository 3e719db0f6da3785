/**
 * Amounts in 元 or 万元 → whole 分 as text. The point is moved in the text; there is no arithmetic
 * that could round. An amount finer than one 分 is refused, because half a 分 cannot be kept.
 */
import { type Cleaned, refuse } from './cleaned.ts';
import { decimalParts, withoutLeadingZeros } from './decimal.ts';
import { compact } from './fold.ts';

/** `人民币`, `¥` before and the unit behind may be written; the column says which unit counts. */
const BEFORE = /^(?:人民币|RMB|CNY|[¥￥])/;

const withoutUnit = (text: string, unit: string): string => {
  const amount = text.replace(BEFORE, '');
  return amount.endsWith(unit) ? amount.slice(0, -unit.length) : amount;
};

const cleanAmount = (raw: string, unit: string, places: number): Cleaned<string> => {
  const text = compact(raw);
  const parts = decimalParts(text) ?? decimalParts(withoutUnit(text, unit));
  if (parts === null) return refuse('value.not-a-number');
  if (parts.fraction.length > places) return refuse('value.malformed');
  const fen = withoutLeadingZeros(`${parts.whole}${parts.fraction.padEnd(places, '0')}`);
  // bigint of PostgreSQL holds 18 digits whatever they are.
  if (fen.length > 18) return refuse('value.not-a-number');
  return { value: parts.isNegative ? `-${fen}` : fen };
};

/** Column in yuan: `1,234.56` → `123456`. A cell that says 万元 is not read as yuan. */
export const cleanYuan = (raw: string): Cleaned<string> => cleanAmount(raw, '元', 2);

/** Column in ten thousand yuan: `1.12` → `1120000`. A cell that says 元 alone is refused. */
export const cleanWanYuan = (raw: string): Cleaned<string> => cleanAmount(raw, '万元', 6);
