/**
 * One JSON line per event on standard error. Fields are names, counts and ids, never delivered
 * values: a caller that wants to log an object must name its fields. Control characters are escaped
 * by JSON, so a delivered name cannot forge a line.
 */
import { HubError } from './errors.ts';

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;
export type Log = {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, error: unknown, fields?: LogFields): void;
};

type Level = 'info' | 'warn' | 'error';

/** What may be said of an error: the code of ours, or the class (and SQLSTATE) of a foreign one. */
export function describeError(error: unknown): LogFields {
  if (error instanceof HubError) return { code: error.code, message: error.message };
  if (!(error instanceof Error)) return { code: 'internal', class: typeof error };
  const sqlState = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const where = error.stack
    ?.split('\n')
    .find((line) => line.includes('file://'))
    ?.trim();
  return { code: 'internal', class: error.name, sqlState, where };
}

export function createLog(
  write: (line: string) => void = (line) => process.stderr.write(line),
): Log {
  const emit = (level: Level, event: string, fields: LogFields) =>
    write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ...fields })}\n`);
  return {
    info: (event, fields = {}) => emit('info', event, fields),
    warn: (event, fields = {}) => emit('warn', event, fields),
    error: (event, error, fields = {}) =>
      emit('error', event, { ...fields, ...describeError(error) }),
  };
}

export const silentLog: Log = createLog(() => undefined);
