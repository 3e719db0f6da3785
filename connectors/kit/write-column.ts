/**
 * The inverse of reading a cell: the text a department would put into a column for a field's value.
 * `cellReader` reads back what is written here.
 */
import type { Manifest } from './manifest.ts';
import type { CellRule } from './read-column.ts';
import type { JsonValue } from './record.ts';

const FEN_PER_YUAN = 100;
const FEN_PER_WAN_YUAN = 1_000_000;

/** China time without a zone, as departments write moments. */
function moment(text: string): string {
  const at = Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
  if (Number.isNaN(at)) return text;
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** The first delivered word that reads as this code. */
function wordOf(code: string, list: Readonly<Record<string, string>>): string {
  const word = Object.entries(list).find(([, member]) => member === code)?.[0];
  if (word === undefined) throw new TypeError(`no delivered word means ${code}`);
  return word;
}

const inUnit = (fen: JsonValue, unit: number): string => String(Number(fen) / unit);

/** The text of a cell; '' where there is nothing to say. Throws where a code has no word. */
export function writeCell(
  value: JsonValue | undefined,
  rule: Pick<CellRule, 'type' | 'codes'>,
  codes: Manifest['codes'],
): string {
  if (value === null || value === undefined) return '';
  if (rule.type === 'code') return wordOf(String(value), codes[rule.codes ?? ''] ?? {});
  if (rule.type === 'boolean') return value ? '是' : '否';
  if (rule.type === 'money-yuan') return inUnit(value, FEN_PER_YUAN);
  if (rule.type === 'money-wan-yuan') return inUnit(value, FEN_PER_WAN_YUAN);
  if (rule.type === 'timestamp') return moment(String(value));
  if (rule.type === 'month') return String(value).slice(0, 7);
  return Array.isArray(value) ? value.join('、') : String(value);
}
