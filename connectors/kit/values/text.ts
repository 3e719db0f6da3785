/** Free text: outer white space removed, composed characters (NFC); nothing else is touched. */
import type { Cleaned } from './cleaned.ts';

const ASCII = /^[\x20-\x7e]*$/;

export const clean = (raw: string): Cleaned<string> => ({
  value: (ASCII.test(raw) ? raw : raw.normalize('NFC')).trim(),
});
