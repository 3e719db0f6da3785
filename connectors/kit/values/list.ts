/** Several words in one cell, divided by 、，；| or a line break; empty parts fall away. */
import type { Cleaned } from './cleaned.ts';
import { tidy } from './fold.ts';

const DIVIDER = /[、，,；;|｜\r\n]/;

export const clean = (raw: string): Cleaned<readonly string[]> => ({
  value: raw
    .split(DIVIDER)
    .map(tidy)
    .filter((part) => part !== ''),
});
