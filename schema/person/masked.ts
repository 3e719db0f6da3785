/** How an identity number is shown to those who may not see it: county and the last four. */

/** SQL of a masked number; anything shorter than 15 characters is hidden whole. */
export const maskedNumber = (sql: string): string =>
  `case when length(${sql}) >= 15
     then left(${sql}, 6) || repeat('*', length(${sql}) - 10) || right(${sql}, 4)
     else repeat('*', length(${sql})) end`;

/** Full-width digits and the letter X as departments sometimes type them. */
const NARROW = `'０１２３４５６７８９Ｘｘ', '0123456789Xx'`;
const DIGITS = `([0-9]{6})[0-9 -]{5,}([0-9]{3}[0-9Xx])`;

/** SQL of a delivered cell in which every run of 15 or more digits is masked, spaced ones too. */
export const maskedCell = (sql: string): string =>
  `regexp_replace(translate(${sql}, ${NARROW}), '${DIGITS}', '\\1********\\2', 'g')`;
