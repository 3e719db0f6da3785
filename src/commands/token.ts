/** hub token <actor>: a sign-in token, where the hub signs its own (the demo). */
import { loadConfig } from '../base/config.ts';
import { HubError } from '../base/errors.ts';
import { openKeys } from '../platform/keys.ts';
import { clockOf } from './hub.ts';
import { parse, UsageError, wholeNumber } from './options.ts';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args, { minutes: { type: 'string' } }, 1);
  const actorId = positionals[0];
  if (!actorId) throw new UsageError('请写明人员', 'Name the actor');
  const config = loadConfig(['api']);
  const { mint } = await openKeys(config.dataFolder, config.signIn, clockOf(config));
  if (!mint) throw new HubError('auth.forbidden');
  process.stdout.write(`${await mint(actorId, wholeNumber('minutes', values.minutes, 720))}\n`);
  return 0;
}
