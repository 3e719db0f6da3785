/** hub keys make …: the keys an installation brings, in files that only their owner reads. */
import { join } from 'node:path';
import { makeSecretFile, makeSigningFiles } from '../platform/make-keys.ts';
import type { SigningAlgorithm } from '../platform/signing-key.ts';
import { parse, UsageError } from './options.ts';

const OPTIONS = {
  out: { type: 'string' },
  alg: { type: 'string' },
  'drop-old': { type: 'boolean' },
} as const;

const HELP = `hub keys make identity [--out keys/identity.key]
    身份密钥（HUB_IDENTITY_KEY_FILE）；只生成一次，请另存备份，丢失后无法恢复人员关联。
    The identity key. Made once; keep a copy elsewhere: without it nobody's records are found again.
hub keys make secret --out <file>
    随机密钥，如对接数据源的签名密钥。 A random secret, e.g. that of a signed feed.
hub keys make signing [--out keys] [--alg EdDSA|ES256|RS256|PS256] [--drop-old]
    签发登录凭证的私钥 signing.jwk 与校验用公钥集 jwks.json；供测试，或尚无统一身份认证的单位。
    再次运行即更换：旧公钥保留在公钥集中，--drop-old 则移除。无需重启。
    A key that signs sign-in tokens and the set of public keys that checks them, for tests and for
    offices without an identity provider. Run again, it rotates: older public keys stay in the set,
    unless --drop-old. No restart is needed.
`;

const ALGORITHMS: readonly string[] = ['EdDSA', 'ES256', 'RS256', 'PS256'];
const isAlgorithm = (text: string): text is SigningAlgorithm => ALGORITHMS.includes(text);

const say = (zh: string, en: string) => process.stdout.write(`${zh}\n${en}\n`);

async function makeSigning(folder: string, alg: string, dropsOld: boolean) {
  if (!isAlgorithm(alg)) {
    const list = ALGORITHMS.join(', ');
    throw new UsageError(`--alg 应为 ${list} 之一`, `--alg must be one of ${list}`);
  }
  const { keyFile, setFile, kid, kept } = await makeSigningFiles(folder, alg, { dropsOld });
  const old = kept.join(', ') || '—';
  say(
    `已生成 ${keyFile}（私钥，仅限本人）与 ${setFile}（公钥集）；密钥编号 ${kid}，保留的旧公钥：${old}`,
    `Made ${keyFile} (private) and ${setFile} (public keys); key ${kid}, older public keys kept: ${old}`,
  );
  say(
    `设置 HUB_JWT_PUBLIC_KEY_FILE=${setFile}；签发：hub token <账号> --key ${keyFile}`,
    `Set HUB_JWT_PUBLIC_KEY_FILE=${setFile}; sign with: hub token <account> --key ${keyFile}`,
  );
}

function makeSecret(path: string, setting: string) {
  makeSecretFile(path);
  say(
    `已生成 ${path}（仅限本人读取）${setting}`,
    `Made ${path}, readable by its owner only${setting}`,
  );
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args, OPTIONS, 2);
  const [what = 'help', kind] = positionals;
  if (what === 'help') process.stdout.write(HELP);
  else if (what !== 'make')
    throw new UsageError(`hub keys 没有 ${what}`, `hub keys has no ${what}`);
  else if (kind === 'identity') {
    const path = values.out ?? join('keys', 'identity.key');
    makeSecret(path, ` HUB_IDENTITY_KEY_FILE=${path}`);
  } else if (kind === 'secret') {
    if (values.out === undefined)
      throw new UsageError('请用 --out 写明文件', 'Name the file with --out');
    makeSecret(values.out, '');
  } else if (kind === 'signing') {
    await makeSigning(values.out ?? 'keys', values.alg ?? 'EdDSA', values['drop-old'] ?? false);
  } else {
    throw new UsageError('请写明 identity、secret 或 signing', 'Say identity, secret or signing');
  }
  return 0;
}
