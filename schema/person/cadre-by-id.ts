/**
 * The way to one official. An identity number given as argument becomes the person's key here, in
 * Node: the number itself never reaches PostgreSQL, its logs or a cursor.
 */
import { NO_PERSON, personKey } from '../../src/base/person-key.ts';
import { type Rows, rowOfId, type Transform, type Writer } from '../../src/read/index.ts';
import { visibleRows } from '../fields.ts';
import { cadres } from './person-lists.ts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

const checkCharacter = (first17: string): string => {
  const sum = WEIGHTS.reduce((total, weight, n) => total + weight * Number(first17[n]), 0);
  return '10X98765432'[sum % 11] ?? '';
};

/** 18 characters as the key is made from; 15-digit numbers are those of the last century. */
export function canonicalNumber(typed: string): string | undefined {
  const text = typed.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase();
  if (/^\d{17}[\dX]$/.test(text)) return text;
  if (!/^\d{15}$/.test(text)) return undefined;
  const first17 = `${text.slice(0, 6)}19${text.slice(6)}`;
  return first17 + checkCharacter(first17);
}

const keyOfNumber: Transform = (typed, { identityKey }) => {
  const number = typeof typed === 'string' ? canonicalNumber(typed) : undefined;
  return number === undefined ? NO_PERSON : personKey(identityKey, 'resident-id', number);
};

/** Both arguments given must name the same official; none given names nobody. */
export function cadreById(t: string, w: Writer): Rows {
  const conditions = [
    ...(w.has('id') ? rowOfId('Cadre', cadres, t, (read) => w.bind(['id'], read)) : []),
    ...(w.has('idNumber') ? [`${t}.person_id = ${w.bind(['idNumber'], keyOfNumber)}::uuid`] : []),
  ];
  const named = conditions.length > 0 ? conditions.join(' and ') : 'false';
  const where = visibleRows({ source: cadres, on: () => named }, '', t, w);
  return { from: `${cadres.table} ${t}`, where, person: `${t}.person_id` };
}
