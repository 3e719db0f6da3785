/**
 * A delivered cell as text, or why it cannot be read. What comes out is safe to store: no NUL (which
 * PostgreSQL refuses), no half characters, no replacement character left by a wrong charset.
 */
import type { RejectionReason } from './record.ts';
import { refuse } from './values/cleaned.ts';

const LONGEST_CELL = 10_000;
/** NUL, U+FFFD and surrogates; the last only when they are not in pairs. */
const SUSPICIOUS = /[\0\ufffd\ud800-\udfff]/;

export type CellText = string | null | { readonly reason: RejectionReason };

const undecodable = refuse('value.undecodable');
const tooLong = refuse('value.too-long');
const wrongShape = refuse('row.shape');

const textOf = (raw: string): CellText => {
  if (raw.length > LONGEST_CELL) return tooLong;
  if (SUSPICIOUS.test(raw) && (/[\0\ufffd]/.test(raw) || !raw.isWellFormed())) return undecodable;
  return raw.trim() === '' ? null : raw;
};

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
export function cellText(raw: unknown): CellText {
  if (typeof raw === 'string') return textOf(raw);
  if (raw === null || raw === undefined) return null;
  if (typeof raw === 'number') return numberText(raw);
  if (typeof raw === 'boolean') return raw ? 'true' : 'false';
  return Array.isArray(raw) ? listText(raw) : wrongShape;
}

function listText(parts: readonly unknown[]): CellText {
  const texts: string[] = [];
  for (const part of parts) {
    const text = Array.isArray(part) ? wrongShape : cellText(part);
    if (text !== null && typeof text === 'object') return text;
    if (text !== null) texts.push(text);
  }
  return textOf(texts.join('\n'));
}
