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

/** Names PostgreSQL gives with an error; its message, detail and context may quote a delivered value. */
const POSTGRES_NAMES = {
  severity: 'severity',
  schema_name: 'schema',
  table_name: 'table',
  column_name: 'column',
  constraint_name: 'constraint',
  routine: 'routine',
} as const;

/** The place in our code; the message stands at the head of a stack and is passed over. */
function placeOf({ stack = '', message }: Error): string | undefined {
  const at = stack.indexOf(message);
  const frames = at === -1 ? stack : stack.slice(at + message.length);
  return frames
    .split('\n')
    .find((line) => /^\s+at .*file:\/\//.test(line))
    ?.trim();
}

const textOf = (error: object, name: string): string | undefined => {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
};

/** A foreign error and what it was caused by: classes, codes and names, never words or values. */
function describeForeign(error: unknown): LogFields {
  const classes: string[] = [];
  const fields: Record<string, string | undefined> = {};
  for (
    let at = error;
    at !== undefined && classes.length < 5;
    at = Reflect.get(Object(at), 'cause')
  ) {
    classes.push(at instanceof Error ? at.name : typeof at);
    if (!(at instanceof Error)) break;
    const isPostgres = textOf(at, 'severity') !== undefined;
    fields[isPostgres ? 'sqlState' : 'errorCode'] ??= textOf(at, 'code');
    fields.call ??= textOf(at, 'syscall');
    fields.where ??= placeOf(at);
    if (!isPostgres) continue;
    for (const [name, shown] of Object.entries(POSTGRES_NAMES)) fields[shown] ??= textOf(at, name);
  }
  return { class: classes.join(' < '), ...fields };
}

/**
 * What may be said of an error: the code and sentence of ours, and of the foreign error behind it its
 * class, SQLSTATE and the names of what it is about.
 */
export function describeError(error: unknown): LogFields {
  if (!(error instanceof HubError)) return { code: 'internal', ...describeForeign(error) };
  const { code, message, cause } = error;
  return { code, message, ...(cause === undefined ? {} : describeForeign(cause)) };
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
