/**
 * hub token <actor>: a sign-in token, where the hub signs its own (the demo), or signed with a key that
 * `hub keys make signing` made, for the issuer and audience of the configuration.
 */
import { type Config, loadConfig } from '../base/config.ts';
import { HubError } from '../base/errors.ts';
import { invalid } from '../base/invalid-setting.ts';
import { readPrivateFile } from '../base/private-file.ts';
import { openKeys } from '../platform/keys.ts';
import { type Mint, openMint, type SigningKey } from '../platform/signing-key.ts';
import { clockOf } from './hub.ts';
import { parse, UsageError, wholeNumber } from './options.ts';

async function mintWith(path: string, config: Config): Promise<Mint> {
  const { signIn } = config;
  const text = readPrivateFile('--key', path);
  if (signIn.kind === 'demo') throw invalid('HUB_JWT_ISSUER', 'is what the token would name');
  try {
    const { issuer, audience } = signIn;
    return await openMint(JSON.parse(text) as SigningKey, {
      ...{ issuer, audience, clock: clockOf(config) },
    });
  } catch {
    throw invalid('--key', 'holds no key made by hub keys make signing');
  }
}

async function mintOfDemo(config: Config): Promise<Mint> {
  const { mint } = await openKeys(config.dataFolder, config.signIn, clockOf(config));
  if (!mint) throw new HubError('auth.forbidden');
  return mint;
}

export async function run(args: readonly string[]): Promise<number> {
  const options = { minutes: { type: 'string' }, key: { type: 'string' } } as const;
  const { values, positionals } = parse(args, options, 1);
  const actorId = positionals[0];
  if (!actorId) throw new UsageError('请写明人员', 'Name the actor');
  const config = loadConfig(['api']);
  const mint = await (values.key ? mintWith(values.key, config) : mintOfDemo(config));
  process.stdout.write(`${await mint(actorId, wholeNumber('minutes', values.minutes, 720))}\n`);
  return 0;
}
