/**
 * The closed list of everything the hub refuses or fails at. A message here is safe to show to
 * anyone: it never contains a value from a delivery, a secret, SQL or a path of this machine.
 * Details for the log go to `cause` and to `details`, which hold names (feed, column, setting), not
 * personal data.
 *
 * kind: caller = the request is wrong; source = a department's delivery is wrong; config = a setting
 * is wrong; transient = try again later; bug = our fault.
 */
import { CALLER_ERRORS } from './caller-errors.ts';
import {
  type Detail,
  type ErrorDetails,
  type ErrorKind,
  fill,
  type Placeholders,
  type Sentence,
  sentence,
  type Words,
} from './error-words.ts';

export type { ErrorKind, Words } from './error-words.ts';

/** `{name}` in a sentence is filled from the error's details; only closed-list names go there. */
export const ERRORS = {
  ...CALLER_ERRORS,
  'feed.not-found': sentence(
    'caller',
    '没有该代码的数据源，可用的代码见查询 feeds。',
    'There is no feed of that code; the query feeds lists them.',
  ),
  'feed.unknown': sentence(
    'caller',
    '没有名为 {feed} 的数据源。',
    'There is no feed named {feed}.',
  ),
  'feed.without-source': sentence(
    'config',
    '数据源 {feed} 没有来源或已暂停：请在数据源文件（HUB_FEEDS，默认 feeds.yml）的 feeds.{feed} 下写明 folder、baseUrl、databaseUrl 之一，写法见 feeds.example.yml；手工文件用 hub sync {feed} --from。',
    'Feed {feed} has no source, or is paused: write one of folder, baseUrl, databaseUrl under feeds.{feed} of the feeds file (HUB_FEEDS, by default feeds.yml) as feeds.example.yml shows; for a file brought by hand use hub sync {feed} --from.',
  ),
  'feed.doubled': sentence('config', '数据源 {feed} 重复定义。', 'Feed {feed} is defined twice.'),
  'feed.manifest-invalid': sentence(
    'config',
    '数据源 {feed} 的 feed.yml 有误：{reason}',
    'feed.yml of {feed} is not valid: {reason}',
  ),
  'rule.manifest-invalid': sentence(
    'config',
    '规则 {rule} 的定义有误：{reason}',
    'The definition of rule {rule} is not valid: {reason}',
  ),
  'rule.changed-without-version': sentence(
    'config',
    '规则内容已改变但版本号未变：{changed}。预警引用版本号，请运行 npm run hub -- rule bump {ids}',
    'Rules changed but their versions did not: {changed}. Warnings cite the version; run npm run hub -- rule bump {ids}',
  ),
  'rule.unknown': sentence('caller', '没有编号为 {rule} 的规则。', 'There is no rule {rule}.'),
  'source.unreadable': sentence(
    'source',
    '{feed} 的交付文件无法读取：{reason}',
    'The delivery of {feed} cannot be read: {reason}',
  ),
  'source.no-file': sentence(
    'source',
    '{feed} 的交付是{found}，不是普通文件，未打开；请放入文件本身。',
    'What came as a delivery of {feed} is {found}, no ordinary file, and was not opened; put the file itself there.',
  ),
  'source.misnamed': sentence(
    'source',
    '文件名看不出是 {feed} 的哪张表或什么格式；应为 {names}。',
    'The file name does not say which sheet of {feed} it holds, or its format; the names are {names}.',
  ),
  'source.nothing-fits': sentence(
    'source',
    '文件夹中 {count} 个文件都不是 {feed} 的交付；文件名应为 {names}。',
    'Of the {count} files in the folder none is a delivery of {feed}; the names are {names}.',
  ),
  'source.empty-folder': sentence(
    'source',
    '为 {feed} 指定的文件夹是空的。',
    'The folder given for {feed} is empty.',
  ),
  'source.unreachable-path': sentence(
    'source',
    '为 {feed} 指定的文件或文件夹无法读取（{fault}）。',
    'The path given for {feed} cannot be read ({fault}).',
  ),
  'source.truncated': sentence(
    'source',
    '{feed} 的交付不完整，未使用其中任何一行。',
    'The delivery of {feed} is incomplete; none of it was used.',
  ),
  'source.too-large': sentence(
    'source',
    '{feed} 的交付超过大小上限，未使用其中任何一行。',
    'The delivery of {feed} is over its size limit; none of it was used.',
  ),
  'source.dated-ahead': sentence(
    'source',
    '{feed} 的一批交付注明 {date}，晚于今天，未使用；请核对文件名或清单中的日期，改正后自动使用。',
    'A delivery of {feed} is dated {date}, after today, and is not used; correct the date in the file name or the list, and it will be.',
  ),
  'source.order-unknown': sentence(
    'source',
    '{feed} 有内容不同的文件同为 {date} 第 {number} 次交付，无法判断先后，均未使用；请在文件名末尾加序号，如 _{next}。',
    'Different files of {feed} are both delivery {number} of {date}, so nobody can say which comes later, and none is used; number them at the end of the name, e.g. _{next}.',
  ),
  'source.columns-changed': sentence(
    'source',
    '{feed} 的列与约定不符：{columns}',
    'The columns of {feed} differ from the contract: {columns}',
  ),
  'source.assertion-failed': sentence(
    'source',
    '{feed} 的交付未通过校验：{reason}',
    'The delivery of {feed} fails its assertions: {reason}',
  ),
  'source.refused': sentence(
    'config',
    '{feed} 的来源拒绝访问（{status}），请检查设置 {setting}。',
    'The source of {feed} refuses access ({status}); check the setting {setting}.',
  ),
  'source.unavailable': sentence(
    'transient',
    '{feed} 的来源暂时不可用，将自动重试。',
    'The source of {feed} is not available; it will be tried again.',
  ),
  'source.address-forbidden': sentence(
    'config',
    '{feed} 的地址不在允许名单中。',
    'The address of {feed} is not on the allow list.',
  ),
  'run.busy': sentence(
    'transient',
    '{name} 正由 {holder} 运行，占用至 {until}（仍在运行则顺延），本次让行。',
    '{name} is being run by {holder}, held until {until} (China time; longer while it goes on); this attempt yields.',
  ),
  'run.superseded': sentence(
    'transient',
    '{name} 已由另一进程接管，本次提交作废。',
    '{name} was taken over by another process; this commit is void.',
  ),
  'run.stopped': sentence(
    'transient',
    '{name} 已按要求停止，下次从中断处继续。',
    '{name} was told to stop; the next run continues where it left off.',
  ),
  'run.stalled': sentence(
    'transient',
    '{name} 长时间没有进展，已放弃本次运行并让出。',
    '{name} made no progress for too long; this run was given up and its turn released.',
  ),
  'config.invalid': sentence(
    'config',
    '设置有误：{reason}',
    'The configuration is not valid: {reason}',
  ),
  'migration.edited': sentence(
    'config',
    '迁移文件 {file} 与本数据库已执行的不同，拒绝启动（首次发布前：删除数据目录重新开始；见 migrations/README.md）。',
    'Migration {file} differs from the one this database had; refusing to start (before the first release: remove the data folder and begin again; see migrations/README.md).',
  ),
  'migration.late': sentence(
    'config',
    '迁移文件 {file} 排在已发布的迁移之前，拒绝启动（请以新的时间戳改名；见 migrations/README.md）。',
    'Migration {file} was added behind a released one; refusing to start (give it a new timestamp; see migrations/README.md).',
  ),
  'migration.unrecorded': sentence(
    'config',
    '本数据库由首次发布前的旧版本建立，没有可用的迁移记录，请删除数据目录重新开始。',
    'This database was made before the first release and holds no usable record of its migrations. Remove the data folder and begin again.',
  ),
  'migration.failed': sentence(
    'config',
    '迁移文件 {file} 执行失败（第 {line} 行，SQLSTATE {state}），已回滚。',
    'Migration {file} failed (line {line}, SQLSTATE {state}) and was rolled back.',
  ),
  'migration.missing': sentence(
    'config',
    '数据库缺少迁移 {files}：请以属主的 DATABASE_URL 运行 npm run hub -- migrate。',
    'The database lacks the migrations {files}: run npm run hub -- migrate with DATABASE_URL of the owner.',
  ),
  'migration.newer': sentence(
    'config',
    '数据库比本程序新（{files}），拒绝启动：请将本机程序升级到同一版本，或恢复升级前的备份。',
    'The database is newer than this program ({files}); refusing to start: bring this machine to the same release, or restore the backup made before the upgrade.',
  ),
  'database.roles-missing': sentence(
    'config',
    '数据库缺少角色或成员关系 {roles}，且本登录无权创建：请数据库管理员执行 npm run hub -- migrate --print-roles 输出的语句，再运行一次。',
    'The database lacks the role or membership {roles}, and this login may not make it: have a database administrator run what npm run hub -- migrate --print-roles prints, then run this again.',
  ),
  'database.login-unsafe': sentence(
    'config',
    '{setting} 的数据库登录不可使用：{objections}。所需角色见 npm run hub -- migrate --print-roles。',
    'The database login of {setting} cannot be used: it {objections}. The roles it needs: npm run hub -- migrate --print-roles.',
  ),
  'keys.identity-wrong': sentence(
    'config',
    '身份密钥（HUB_IDENTITY_KEY_FILE）与本数据库的不同，拒绝启动：用它计算的人员编号与已有数据对不上。请恢复原密钥；更换密钥见 INSTALL.zh-CN.md。',
    'The identity key (HUB_IDENTITY_KEY_FILE) is not the one this database was filled with; refusing to start: no person would be linked. Restore the key; how to rotate it says INSTALL.md.',
  ),
  'database.unavailable': sentence(
    'transient',
    '数据库暂时不可用。',
    'The database is not available.',
  ),
  'database.full': sentence(
    'transient',
    '数据库所在的磁盘已满，暂时无法保存任何内容（包括查阅记录，因此也无法查询）；请管理员清理空间，之后自动恢复。',
    'The disk of the database is full. Nothing can be stored, not even who looked, so nothing can be read. It recovers by itself once an administrator has made room.',
  ),
  'database.read-only': sentence(
    'transient',
    '数据库目前只读，暂时无法保存任何内容（包括查阅记录，因此也无法查询）；恢复可写后自动恢复。',
    'The database is read-only at the moment. Nothing can be stored, not even who looked, so nothing can be read. It recovers by itself once the database takes writes again.',
  ),
  'database.crowded': sentence(
    'transient',
    '数据库的连接数已达上限，请稍后再试。',
    'The database has no connections left. Try again later.',
  ),
  'queue.unavailable': sentence(
    'transient',
    '任务队列暂时不可用，请求未被接受，请稍后再试；查询不受影响。',
    'The job queue is not available; the request was not accepted. Try again later. Reading is not affected.',
  ),
  'storage.full': sentence(
    'transient',
    '本机磁盘已满，工作文件无法写入；请管理员清理空间（HUB_DATA 与系统临时目录），之后自动恢复。',
    'The disk of this machine is full and working files cannot be written. It recovers by itself once an administrator has made room (HUB_DATA and the temporary folder).',
  ),
  'storage.read-only': sentence(
    'transient',
    '本机的工作目录不可写；请管理员检查权限与挂载方式（HUB_DATA 与系统临时目录），之后自动恢复。',
    'A working folder of this machine cannot be written. It recovers by itself once an administrator has mended its rights or mount (HUB_DATA and the temporary folder).',
  ),
  'database.start-failed': sentence(
    'config',
    '内置数据库启动失败：{reason}',
    'The embedded database did not start: {reason}',
  ),
  internal: sentence(
    'bug',
    '内部错误，请将编号告知管理员。',
    'Internal error. Give the reference number to your administrator.',
  ),
} as const satisfies Record<string, Sentence>;

export type ErrorCode = keyof typeof ERRORS;
/** Sentences to callers whose open place holds words rather than a name. */
type Worded = 'request.invalid' | 'request.too-costly' | 'warning.wrong-state';
/** Whatever a sentence leaves open must be said, in both languages where it is words, or it does not compile. */
export type DetailsOf<Code extends ErrorCode> = ErrorDetails &
  Readonly<Record<Placeholders<(typeof ERRORS)[Code]['zh']>, Code extends Worded ? Words : Detail>>;
type Rest<Code extends ErrorCode> =
  Placeholders<(typeof ERRORS)[Code]['zh']> extends never
    ? [details?: ErrorDetails, cause?: unknown]
    : [details: DetailsOf<Code>, cause?: unknown];

/** The only error that may speak to a caller. Everything else is masked as `internal`. */
export class HubError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  readonly details: ErrorDetails;

  constructor(code: Code, ...[details = {}, cause]: Rest<Code>) {
    super(fill(ERRORS[code].en, details, 'en'), cause === undefined ? undefined : { cause });
    this.name = 'HubError';
    this.code = code;
    this.details = details;
  }

  get kind(): ErrorKind {
    return ERRORS[this.code].kind;
  }

  /** The sentence for analysts and clerks, Chinese first. */
  get chinese(): string {
    return fill(ERRORS[this.code].zh, this.details, 'zh');
  }
}
