/**
 * When two spellings mean one thing, as SQL: numbers and certificates, addresses. Written in plain
 * SQL because pg_trgm may be missing and ignores Chinese characters under some locales.
 */

/** A number or certificate: full-width forms, spaces, brackets and case do not matter. */
export const foldedNumber = (text: string): string =>
  `translate(regexp_replace(upper(normalize(${text}, NFKC)), '[\\s·]', '', 'g'), '〔〕[]【】{}', '()()()()')`;

/**
 * An address for comparison: without province, city and county, spaces and punctuation, with one
 * word for building (幢) and none for the closing 室.
 */
export const foldedAddress = (text: string): string =>
  `regexp_replace(regexp_replace(regexp_replace(regexp_replace(
     lower(normalize(${text}, NFKC)),
     '[\\s,，、。.;；:：()（）#＃_—-]', '', 'g'),
     '^([^省市县区]{2,8}省)?([^省市县区]{2,8}市)?([^省市县区]{2,8}[县区])?', ''),
     '号楼|栋|座', '幢', 'g'), '室$', '')`;

/** Dice coefficient of the character pairs of two folded texts: 1 = the same, 0 = nothing shared. */
export const pairSimilarity = (a: string, b: string): string => {
  const pairs = (text: string) =>
    `(select substr(${text}, i, 2) as pair, count(*) as n
      from generate_series(1, length(${text}) - 1) as i group by 1)`;
  return `coalesce((select 2.0 * sum(least(x.n, y.n)) from ${pairs(a)} x join ${pairs(b)} y using (pair))
    / nullif(greatest(length(${a}) - 1, 0) + greatest(length(${b}) - 1, 0), 0), 0)`;
};
