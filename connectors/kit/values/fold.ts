/**
 * Two ways to bring delivered text to one form. Both are idempotent and linear, and both skip the
 * Unicode machinery for plain ASCII, which is most cells.
 */
const VISIBLE_ASCII = /^[\x21-\x7e]*$/;
/** White space, and marks that are not seen and would make equal values differ. */
const UNSEEN = /[\s\u200b\u2060\ufeff]+/g;

/** For identifiers and numbers: full-width to half-width, no spaces at all. */
export const compact = (text: string): string =>
  VISIBLE_ASCII.test(text) ? text : text.normalize('NFKC').replace(UNSEEN, '');

/** For words: full-width to half-width, outer spaces removed, inner runs of spaces become one. */
export const tidy = (text: string): string =>
  VISIBLE_ASCII.test(text) ? text : text.normalize('NFKC').replace(UNSEEN, ' ').trim();
