/**
 * How identity numbers are shown to those who may not see them. A well-formed one keeps county and last
 * four, so that a clerk can find the row; what only resembles one keeps two characters at either end.
 * A cell is judged twice: by what its column is, and by any long run of digits, however it is divided
 * and whatever letters stand for digits.
 */

/** SQL of a masked number; anything shorter than 15 characters is hidden whole. */
export const maskedNumber = (sql: string): string =>
  `case when length(${sql}) >= 15
     then left(${sql}, 6) || repeat('*', length(${sql}) - 10) || right(${sql}, 4)
     else repeat('*', length(${sql})) end`;

/** What is read as a digit: full width, letters that look like one, numerals in words. */
const DIGIT = '[0-9０-９OoＯｏIlＩｌ〇○零一二三四五六七八九XxＸｘ]';
/** What may stand between two of them: anything but letters and words; a quote ends a nested value. */
const between = (isNested: boolean) =>
  `(?:[^0-9０-９A-Za-zＡ-Ｚａ-ｚ○零〇一-鿿*\\\\${isNested ? '"' : ''}]|[年月日号]|\\\\.?){0,3}`;
/** Thirteen and more: a date with its time has fourteen and is told apart by how it begins. */
const disguised = (isNested: boolean) => {
  const gap = between(isNested);
  return `(${DIGIT}${gap}${DIGIT})${gap}(?:${DIGIT}${gap}){9,}(${DIGIT}${gap}${DIGIT})`;
};
const WELL_FORMED = '(^|[^0-9])([0-9]{6})(?:[0-9]{8}([0-9]{3}[0-9Xx])|[0-9]{5}([0-9]{4}))(?![0-9])';

const DATE = `(?:19|20)[0-9]{2}[-/.年]?(?:0?[1-9]|1[0-2])(?:[-/.月]?(?:0?[1-9]|[12][0-9]|3[01])日?)?月?`;
const TIME = `[ T]?(?:[01]?[0-9]|2[0-3])[:时]?[0-5][0-9](?:[:分]?[0-5][0-9](?:[.][0-9]{1,6})?秒?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?`;
const DATES = `^ *${DATE}(?:${TIME})?(?: *[-—–至~,，、] *${DATE}(?:${TIME})?)? *$`;

/**
 * Code of an organisation (GB 32100), which is public: its alphabet has no letter that stands for a digit
 * but X, so with another letter in it nothing of a person's number is meant.
 */
const ORGANISATION = '^(?=.*[A-HJ-NPQRTUWY])[0-9A-HJ-NPQRTUWXY]{18}$';

/** Headings and nested keys that name a document of a person, where no contract says so. */
const NAMED =
  '身份证|身份号码|身份证明|证件号|证照号|护照|通行证号|公民身份|id_?(?:no|num|card)|所用证件';
const NESTED_VALUE = '(?:"(?:[^"\\\\]|\\\\.)*"|-?[0-9][0-9.eE+-]*)';

/** Identity numbers wherever they stand in a text. */
const maskedRuns = (sql: string, isNested: boolean): string =>
  `regexp_replace(regexp_replace(${sql}, '${WELL_FORMED}', '\\1\\2********\\3\\4', 'g'),
     '${disguised(isNested)}', '\\1*****\\2', 'g')`;

/** The value of a column that holds identity numbers, whatever this cell holds. */
const maskedWhole = (sql: string): string =>
  `case when coalesce(${sql}, '') = '' then ${sql}
     when ${sql} ~ '^[0-9]{17}[0-9Xx]$|^[0-9]{15}$' then left(${sql}, 6) || '********' || right(${sql}, 4)
     when length(${sql}) >= 8 then left(${sql}, 2) || '*****' || right(${sql}, 2) else '*****' end`;

/**
 * SQL of a delivered cell without identity numbers. `isIdentity`: its column holds some, by contract;
 * `isNested`: its text is JSON of lists or objects.
 */
export const maskedCell = (
  sql: string,
  { name, isIdentity, isNested }: { name: string; isIdentity: string; isNested: string },
): string => {
  const keys = `("(?:[^"\\\\]*(?:${NAMED})[^"\\\\]*|号码)" *: *)${NESTED_VALUE}`;
  return `case when ${isIdentity} or ${name} ~* '${NAMED}' then ${maskedWhole(sql)}
     when ${isNested} then ${maskedRuns(`regexp_replace(${sql}, '${keys}', '\\1"*****"', 'gi')`, true)}
     when ${sql} ~ '${DATES}' or ${sql} ~ '${ORGANISATION}' then ${sql} else ${maskedRuns(sql, false)} end`;
};
