/** Options of a command line: what is not asked for does not exist, and is refused by name. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { isCalendarDate } from '../base/settings.ts';

/** The command line is wrong; the process ends with exit code 2. */
export class UsageError extends Error {
  readonly chinese: string;

  constructor(chinese: string, english: string) {
    super(english);
    this.name = 'UsageError';
    this.chinese = chinese;
  }
}

/** Parses exactly these options and at most `most` words beside them. */
export function parse<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  most = 0,
) {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    const extra = parsed.positionals[most];
    if (extra !== undefined) throw new UsageError(`多余的参数 ${extra}`, `Unexpected ${extra}`);
    return parsed;
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof TypeError)) throw error;
    const reason = error.message.split('. ')[0] ?? '';
    throw new UsageError(`选项有误：${reason}`, reason);
  }
}

/** A whole number, or the default when the option is absent. */
export function wholeNumber(name: string, text: string | undefined, initial: number): number {
  if (text === undefined) return initial;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} 应为整数`, `--${name} must be a whole number`);
}

/** A calendar date YYYY-MM-DD, if given. */
export function dateOption(name: string, text: string | undefined): string | undefined {
  if (text === undefined || isCalendarDate(text)) return text;
  throw new UsageError(`--${name} 应为日期 YYYY-MM-DD`, `--${name} must be a date YYYY-MM-DD`);
}
