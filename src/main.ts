/**
 * hub <command>: finds the command and says how it ended. 0 = done; 1 = it failed, with the safe
 * sentence; 2 = the command or an option does not exist.
 */
import { randomBytes } from 'node:crypto';
import { createLog } from './base/log.ts';
import { outliveOutput } from './base/log-file.ts';
import { COMMANDS, HELP } from './commands/index.ts';
import { UsageError } from './commands/options.ts';
import { leave } from './commands/stopping.ts';
import { asHubError } from './platform/foreign-errors.ts';

outliveOutput(process.stdout, process.stderr);

async function main(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args;
  if (['help', '--help', '-h'].includes(name) || rest.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const command = COMMANDS.get(name);
  if (!command) throw new UsageError(`没有命令 ${name}`, `There is no command ${name}`);
  const { run } = await command.load();
  return run(rest);
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.chinese}。\n${error.message}.\n\n用法 Usage: hub help\n`);
    return 2;
  }
  const known = asHubError(error);
  const reference = known.code === 'internal' ? randomBytes(6).toString('hex') : undefined;
  const number = reference ? ` ${reference}` : '';
  process.stderr.write(`${known.chinese}${number}\n${known.message}${number}\n`);
  if (known.cause !== undefined) createLog().error('command.failed', known, { reference });
  return 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(explain);
// Whatever still hangs on a broken connection must not keep a finished program alive.
setTimeout(leave, 2000).unref();
