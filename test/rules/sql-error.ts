/**
 * What PostgreSQL said about a statement and where, with the SQL around it: for the eyes of whoever
 * writes a rule. Only tests use it; the hub's log and errors never repeat SQL or the server's words.
 */
const AROUND = 160;

type PostgresError = {
  message: string;
  code?: string;
  position?: string;
  query?: string;
  where?: string;
  hint?: string;
};

export function describeSqlError(error: unknown): string {
  const { message, code, position, query, where, hint } = error as PostgresError;
  const at = Number(position) - 1;
  const excerpt =
    query !== undefined && at >= 0
      ? `\n… ${query.slice(Math.max(0, at - AROUND), at)}⟶${query.slice(at, at + AROUND)} …`
      : '';
  const more = [hint, where].filter(Boolean).map((text) => `\n${text}`);
  return `${message} (${code}${position ? `, position ${position}` : ''})${more.join('')}${excerpt}`;
}
