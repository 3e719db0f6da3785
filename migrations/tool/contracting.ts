/**
 * Expand first, contract a release later. While a release is rolled out, processes of the one before work
 * on the tables of the new one; so a migration only adds. What takes something away, or asks for what the
 * code before does not write, says since which release nothing uses it any more: `-- contract: <why>`.
 */
const TAKES_AWAY: readonly (readonly [RegExp, string])[] = [
  [/\bDROP\s+(TABLE|COLUMN|VIEW|SCHEMA|TYPE|FUNCTION|POLICY)\b/i, 'drops what may be in use'],
  [/\bRENAME\s+(COLUMN\s+\S+\s+)?TO\b/i, 'renames what may be in use'],
  [/\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b/i, 'changes a type'],
  [/\bSET\s+NOT\s+NULL\b/i, 'asks for a value the code before may not write'],
  [/\bADD\s+COLUMN\s+(?![^;]*\bDEFAULT\b)[^;]*\bNOT\s+NULL\b/i, 'adds a column without a default'],
  [/^\s*TRUNCATE\b/im, 'empties a table'],
];

const ADMITS = /^--\s*contract:\s*\S+/im;

/** Why a migration would break processes of the release before; empty = it does not, or admits it. */
export function contractionsIn(sql: string): string[] {
  if (ADMITS.test(sql)) return [];
  const statements = sql.replace(/^\s*--.*$/gm, '');
  return TAKES_AWAY.filter(([pattern]) => pattern.test(statements)).map(([, why]) => why);
}
