/** Sentences to whoever calls the API: who they are, what they asked, what they wanted done. */
import { type Sentence, sentence } from './error-words.ts';

export const CALLER_ERRORS = {
  'auth.required': sentence('caller', '请先登录。', 'Sign in first.'),
  'auth.invalid': sentence(
    'caller',
    '登录凭证无效或已过期，请重新登录。',
    'The sign-in token is not valid or has expired. Sign in again.',
  ),
  'auth.unavailable': sentence(
    'transient',
    '暂时无法核验登录凭证，请稍后再试。',
    'The sign-in token cannot be checked at the moment. Try again later.',
  ),
  'auth.no-account': sentence(
    'caller',
    '登录凭证有效，但本系统没有您的账号，请联系系统管理员开通。',
    'Your sign-in token is valid, but you have no account here. Ask an administrator for one.',
  ),
  'auth.account-disabled': sentence(
    'caller',
    '您的账号已停用，请联系系统管理员。',
    'Your account is disabled. Ask an administrator.',
  ),
  'auth.account-not-in-force': sentence(
    'caller',
    '您的账号不在有效期内，请联系系统管理员。',
    'Your account is not in force today. Ask an administrator.',
  ),
  'auth.forbidden': sentence('caller', '您没有此项权限。', 'You may not do this.'),
  'request.invalid': sentence('caller', '请求有误：{reason}', 'The request is not valid: {reason}'),
  'request.too-costly': sentence(
    'caller',
    '查询过大：{reason}',
    'The query is too large: {reason}',
  ),
  'document.unknown': sentence(
    'caller',
    '没有登记这个编号的查询文档。',
    'No document is registered under this id.',
  ),
  'document.none-registered': sentence(
    'caller',
    '本系统没有登记任何查询文档，也不在请求时登记；请发送文档全文。',
    'No document is registered here, and none is registered by asking it; send its text.',
  ),
  'document.required': sentence(
    'caller',
    '您的账号只能运行已登记的查询文档，请按编号请求（hub documents）。',
    'Your account runs registered documents only; ask them by id (hub documents).',
  ),
  'document.other-text': sentence(
    'caller',
    '编号 {id} 登记的是另一份文档；编号的含义不能更改。',
    'The id {id} is registered with another text; what an id means never changes.',
  ),
  'rate.exceeded': sentence(
    'transient',
    '请求过于频繁，请 {seconds} 秒后再试。',
    'Too many requests. Try again in {seconds} s.',
  ),
  'object.not-found': sentence(
    'caller',
    '没有找到该对象，或您无权查看。',
    'No such object, or you may not see it.',
  ),
  'cursor.invalid': sentence(
    'caller',
    '翻页游标无效，请从第一页重新开始。',
    'The cursor is not valid. Start again from the first page.',
  ),
  'warning.wrong-state': sentence(
    'caller',
    '该预警当前状态不允许此操作：{name}',
    'The warning is in a state that does not allow this: {name}',
  ),
  'warning.same-person': sentence(
    'caller',
    '结论须由两人作出，不能由同一人提出并确认。',
    'A conclusion needs two people; the proposer cannot confirm it.',
  ),
  'warning.unfit-handler': sentence(
    'caller',
    '该人员不能办理此预警，可办理的人员见 assignableActors。',
    'This person cannot handle the warning; assignableActors names those who can.',
  ),
  'text.length': sentence(
    'caller',
    '文字须为 1–{most} 字。',
    'The text must have 1 to {most} characters.',
  ),
  'date.malformed': sentence('caller', '日期须写作 YYYY-MM-DD。', 'A date is written YYYY-MM-DD.'),
  'actor.malformed-id': sentence(
    'caller',
    '账号由 1–64 个字母、数字和 . _ @ - 组成，且不含证件号或手机号。',
    'An account is 1 to 64 letters, digits and . _ @ -, without the number of a person.',
  ),
  'actor.revoke-extends': sentence(
    'caller',
    '撤回不能延长有效期。',
    'Revoking cannot extend an account.',
  ),
  'actor.unknown': sentence('caller', '没有这个账号。', 'There is no such account.'),
  'actor.exists': sentence('caller', '该账号已经存在。', 'There is such an account already.'),
  'actor.own-rights': sentence(
    'caller',
    '任何人不得变更自己的账号与授权。',
    'Nobody changes their own account or rights.',
  ),
  'actor.same-person': sentence(
    'caller',
    '授权须由两人作出，提出人不能自行批准。',
    'A grant needs two people; whoever proposed it cannot approve it.',
  ),
  'actor.exclusive-role': sentence(
    'caller',
    '系统管理员不得兼任其他角色。',
    'An administrator holds no other role.',
  ),
  'actor.unknown-role': sentence(
    'caller',
    '没有这种角色，可用的角色：{roles}',
    'There is no such role. Roles: {roles}',
  ),
  'actor.unknown-authority': sentence(
    'caller',
    '没有这个干部管理机关，现有的机关：{authorities}',
    'There is no such authority. Authorities: {authorities}',
  ),
  'proposal.decided': sentence(
    'caller',
    '该授权申请已经处理。',
    'This proposal has been decided already.',
  ),
  'warning.not-yours': sentence(
    'caller',
    '该预警由他人承办，只有承办人或负责人可以提出结论。',
    'The warning is assigned to somebody else; only they or the head may propose a conclusion.',
  ),
  'night.in-future': sentence(
    'caller',
    '数据日期 {date} 晚于今天（{today}），不能比对。',
    'The date {date} lies after today ({today}); a night cannot judge it.',
  ),
  'board.read-only': sentence(
    'caller',
    '任务队列页面只供查看；启动同步或比对请用 GraphQL（startSync、startCorrelation）或命令行。',
    'The queue board is for looking only; start syncs and nights by GraphQL (startSync, startCorrelation) or the command line.',
  ),
} as const satisfies Record<string, Sentence>;
