/**
 * hub <command>: finds the command and says how it ended. 0 = done; 1 = it failed, with the safe
 * sentence; 2 = the command or an option does not exist.
 */
import { HubError } from './base/errors.ts';
import { createLog } from './base/log.ts';
import { COMMANDS, HELP } from './commands/index.ts';
import { UsageError } from './commands/options.ts';
import { leave } from './commands/stopping.ts';
import { asHubError } from './platform/foreign-errors.ts';

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
  process.stderr.write(`${known.chinese}\n${known.message}\n`);
  if (!(error instanceof HubError)) createLog().error('command.failed', error);
  return 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(explain);
// Whatever still hangs on a broken connection must not keep a finished program alive.
setTimeout(leave, 2000).unref();
