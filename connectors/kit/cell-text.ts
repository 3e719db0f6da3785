/**
 * A delivered cell as text, or why it cannot be read. What comes out is safe to store: no NUL (which
 * PostgreSQL refuses), no half characters, no replacement character left by a wrong charset, and no
 * line break or control character but where the contract allows lines.
 */
import type { CellLimits } from './cell-limits.ts';
import type { RejectionReason } from './record.ts';
import { refuse } from './values/cleaned.ts';

/** A cell longer than this is not even looked at. */
const LONGEST_CELL = 10_000;
/**
 * Control characters, other line ends, U+FFFD and surrogates, paired or not. Not with the u flag,
 * which would cost a tenth of reading a row: what hits here is looked at again.
 */
const LOOKED_AT = String.raw`\0-\x1f\x7f-\x9f\u2028\u2029\ufffd\ud800-\udfff`;
const SUSPICIOUS = new RegExp(`[${LOOKED_AT}]`);
const UNREADABLE = /[\0\ufffd\p{Cs}]/u;
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const CONTROL_BUT_LINES = /[^\P{Cc}\t\n\r]|[\u2028\u2029]/u;

export type CellText = string | null | { readonly reason: RejectionReason };

const undecodable = refuse('value.undecodable');
const tooLong = refuse('value.too-long');
const control = refuse('value.control-character');
const wrongShape = refuse('row.shape');

function textOf(raw: string, { longest, allowsLines }: CellLimits): CellText {
  if (raw.length > LONGEST_CELL) return tooLong;
  if (raw.length <= longest && !SUSPICIOUS.test(raw)) return raw.trim() === '' ? null : raw;
  const text = raw.trim();
  if (text === '') return null;
  if (text.length > longest) return tooLong;
  if (UNREADABLE.test(raw)) return undecodable;
  // Spreadsheets put a tab behind a number to keep it a text; only what is inside is a fault.
  return (allowsLines ? CONTROL_BUT_LINES : CONTROL).test(text) ? control : text;
}

/**
 * An integer that a float cannot hold has lost digits on the way (an ID number typed as a number).
 * It is written with an exponent, so that no identifier type accepts the rounded value.
 */
const numberText = (value: number): CellText => {
  if (!Number.isFinite(value)) return wrongShape;
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? value.toExponential()
    : String(value);
};

/** Blank cells are null. Objects are no cell; a list's parts are joined by line breaks. */
export function cellText(raw: unknown, limits: CellLimits): CellText {
  if (typeof raw === 'string') return textOf(raw, limits);
  if (raw === null || raw === undefined) return null;
  if (typeof raw === 'number') return numberText(raw);
  if (typeof raw === 'boolean') return raw ? 'true' : 'false';
  return Array.isArray(raw) ? listText(raw, limits) : wrongShape;
}

function listText(parts: readonly unknown[], limits: CellLimits): CellText {
  const texts: string[] = [];
  for (const part of parts) {
    const text = Array.isArray(part) ? wrongShape : cellText(part, limits);
    if (text !== null && typeof text === 'object') return text;
    if (text !== null) texts.push(text);
  }
  return textOf(texts.join('\n'), limits);
}
