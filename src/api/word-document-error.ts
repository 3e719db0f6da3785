/**
 * GraphQL's complaints about a document in our own words. Its originals echo values ("Expected Int,
 * found 110101…") and hint at what exists ("Did you mean …"); these name only what the caller wrote
 * as a *name*: a field, an argument, a type, a variable. A complaint not listed here gets the general
 * sentence of its group, so a new GraphQL version cannot make it talk.
 */
import type { GraphQLError } from 'graphql';
import { HubError } from '../base/errors.ts';
import { tooCostly } from '../read/index.ts';

type Wording = readonly [pattern: RegExp, chinese: string, english: string];

const WORDINGS: readonly Wording[] = [
  [/^Cannot query field "(\w+)" on type "(\w+)"/, '类型 $2 没有字段 $1', 'type $2 has no field $1'],
  [/^Unknown argument "(\w+)" on /, '没有参数 $1', 'there is no argument $1'],
  [/^Unknown type "(\w+)"/, '没有类型 $1', 'there is no type $1'],
  [/^Unknown fragment "(\w+)"/, '没有片段 $1', 'there is no fragment $1'],
  [/^Unknown directive "@(\w+)"/, '没有指令 $1', 'there is no directive $1'],
  [/^Field "(\w+)" must not have a selection/, '字段 $1 没有子字段', 'field $1 has no subfields'],
  [
    /^Field "(\w+)" of type "[^"]+" must have/,
    '字段 $1 须选择子字段',
    'field $1 needs a selection of subfields',
  ],
  [
    /^Field "(\w+)" argument "(\w+)" of type/,
    '字段 $1 缺少参数 $2',
    'field $1 needs the argument $2',
  ],
  [/^Variable "\$(\w+)" is not defined/, '变量 $1 未声明', 'variable $1 is not declared'],
  [/^Variable "\$(\w+)" is never used/, '变量 $1 未使用', 'variable $1 is never used'],
  [
    /^Variable "\$(\w+)" of (required|non-null) type/,
    '变量 $1 未提供',
    'variable $1 was not provided',
  ],
  [/^Variable "\$(\w+)" /, '变量 $1 的类型或值不符', 'variable $1 has the wrong type or value'],
  [/^Fragment "(\w+)" is never used/, '片段 $1 未使用', 'fragment $1 is never used'],
  [/^Cannot spread fragment "(\w+)"/, '片段 $1 引用了自身', 'fragment $1 contains itself'],
  [
    /^Fields "(\w+)" conflict/,
    '字段 $1 重名且含义不同，请用别名',
    'fields named $1 conflict; use aliases',
  ],
  [/^GET requests only support query/, 'GET 请求只能查询', 'a GET request can only query'],
  [
    /^Operation batching disabled/,
    '不接受批量请求，请逐个发送',
    'operations are not taken in batches; send them one by one',
  ],
  [/^Unknown operation named/, '没有该名称的操作', 'there is no operation of that name'],
  [/^Must provide operation name/, '请指明操作名称', 'name the operation to run'],
  [
    /^This operation has been blocked as a potential/,
    '请求头不符合要求',
    'the request headers are not acceptable',
  ],
];

const GENERAL: Readonly<Record<string, readonly [string, string]>> = {
  GRAPHQL_PARSE_FAILED: ['GraphQL 语法错误', 'GraphQL syntax error'],
  GRAPHQL_VALIDATION_FAILED: ['与数据结构不符', 'it does not fit the schema'],
  BAD_USER_INPUT: ['变量的类型或值不符', 'a variable has the wrong type or value'],
};

/** A "name" with a long run of digits is more likely a document number than a name. */
const looksLikeNumber = (text: string) => /\d{6}/.test(text) || text.length > 80;

const TOO_LONG = /^Syntax Error: Document contains more that? ?n? \d+ tokens|more than \d+ tokens/;

/** The error of a refused document or request as one of ours, free of the caller's values. */
export function wordDocumentError(error: GraphQLError): HubError {
  if (TOO_LONG.test(error.message)) return tooCostly('词元过多', 'too many tokens');
  for (const [pattern, chinese, english] of WORDINGS) {
    const match = pattern.exec(error.message);
    if (!match) continue;
    const names = match.slice(1);
    if (names.some(looksLikeNumber)) break;
    const fill = (text: string) =>
      text.replace(/\$(\d)/g, (_, n: string) => match[Number(n)] ?? '');
    return invalid(fill(chinese), fill(english));
  }
  const general = GENERAL[String(error.extensions.code)] ?? ['格式不符', 'malformed request'];
  return invalid(...general);
}

const invalid = (zh: string, en: string) => new HubError('request.invalid', { reason: { zh, en } });
