/** Every command of `hub`, loaded only when it is called. */
type Command = { zh: string; en: string; usage: string; load(): Promise<Module> };
type Module = { run(args: readonly string[]): Promise<number> };

export const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  [
    'demo',
    {
      usage: 'demo [--officials 1500] [--seed 1]',
      zh: '无需任何配置：生成虚构县数据并完成全流程（npm start）',
      en: 'no configuration: an invented county, the whole flow, the API (npm start)',
      load: () => import('./demo.ts'),
    },
  ],
  [
    'all',
    {
      usage: 'all',
      zh: '按配置运行接口与后台任务',
      en: 'the API and the workers, as configured',
      load: () => import('./all.ts'),
    },
  ],
  [
    'api',
    {
      usage: 'api',
      zh: '仅运行接口',
      en: 'the API only',
      load: () => import('./api.ts'),
    },
  ],
  [
    'worker',
    {
      usage: 'worker',
      zh: '仅运行后台任务',
      en: 'the workers only',
      load: () => import('./worker.ts'),
    },
  ],
  [
    'migrate',
    {
      usage: 'migrate [--print-roles]',
      zh: '将数据库升级到当前结构；或输出数据库管理员须执行的角色语句',
      en: 'bring the database to the present schema',
      load: () => import('./migrate.ts'),
    },
  ],
  [
    'rekey',
    {
      usage: 'rekey --to <file>',
      zh: '为全部数据更换身份密钥（须先停止其他进程）',
      en: 'give everything another identity key, with every other process stopped',
      load: () => import('./rekey.ts'),
    },
  ],
  [
    'sync',
    {
      usage: 'sync <feed>|--all [--from <file or folder> [--as-of 2026-01-31] [--charset gb18030]]',
      zh: '立即拉取一个数据源，或有来源的全部数据源',
      en: 'pull one feed now, or all that have a source',
      load: () => import('./sync.ts'),
    },
  ],
  [
    'correlate',
    {
      usage: 'correlate [--as-of 2026-01-31] [--full]',
      zh: '立即按截至日期运行规则',
      en: 'run the rules now, as of a date',
      load: () => import('./correlate.ts'),
    },
  ],
  [
    'rule',
    {
      usage: 'rule bump [A01 … | kit] | rule release',
      zh: '提升已改规则的版本；发布时记录各规则的内容',
      en: 'raise the versions of changed rules; at a release, write down what rules ask',
      load: () => import('./rule.ts'),
    },
  ],
  [
    'deliver-county',
    {
      usage: 'deliver-county [--officials 1500] [--seed 1] [--until 2026-06-30] [--folder county]',
      zh: '只生成虚构县的部门交付文件',
      en: 'only write the deliveries of the invented county',
      load: () => import('./deliver-county.ts'),
    },
  ],
  [
    'print-schema',
    {
      usage: 'print-schema',
      zh: '写出 schema/schema.graphql',
      en: 'write schema/schema.graphql',
      load: () => import('./print-schema.ts'),
    },
  ],
  [
    'actor',
    {
      usage: 'actor [add|list|history|grant|revoke|disable|approve|decline …]',
      zh: '管理账号：录入、授权、撤回、停用、复核',
      en: 'accounts: enter, grant, revoke, disable, approve',
      load: () => import('./actor.ts'),
    },
  ],
  [
    'documents',
    {
      usage: 'documents [list | add <manifest.json> | remove <id>…]',
      zh: '登记应用程序的查询文档，按编号运行',
      en: 'register the documents of an application, to be run by id',
      load: () => import('./documents.ts'),
    },
  ],
  [
    'keys',
    {
      usage: 'keys [make identity|secret|signing …]',
      zh: '生成身份密钥、签名密钥与公钥集',
      en: 'make the identity key, signing keys and key sets',
      load: () => import('./keys.ts'),
    },
  ],
  [
    'token',
    {
      usage: 'token <actor> [--minutes 720] [--key keys/signing.jwk]',
      zh: '签发登录凭证：演示人员，或用自有签名密钥',
      en: 'a sign-in token: of the demo, or signed with a key of your own',
      load: () => import('./token.ts'),
    },
  ],
]);

const lines = [...COMMANDS.values()].map(
  ({ usage, zh, en }) => `  hub ${usage}\n      ${zh}\n      ${en}\n`,
);

export const HELP = `廉情数据枢纽 Integrity Hub

用法 Usage: npm run hub -- <command>

${lines.join('')}  hub help

设置见 Settings: .env.example, feeds.example.yml
`;
