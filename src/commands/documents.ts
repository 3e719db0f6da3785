/**
 * hub documents …: registered documents, from the installation's machine. A manifest is taken whole or not at
 * all: each document is held to the schema, to what an operation may cost and to the other limits first.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { schema } from '../../schema/index.ts';
import type { CommandContext } from '../act/command.ts';
import { registerDocuments, removeDocuments } from '../act/register-documents.ts';
import { judgeDocument, LIMITS, readManifest } from '../api/index.ts';
import type { Config } from '../base/config.ts';
import type { HubError } from '../base/errors.ts';
import { atConsole } from './at-console.ts';
import { parse, UsageError } from './options.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

const judgeWith =
  ({ limits }: Config) =>
  (text: string): HubError | undefined =>
    judgeDocument(schema, text, {
      ...{ ...LIMITS, depth: limits.depth, tokens: limits.tokens },
      objects: limits.cost,
    });
type Judge = ReturnType<typeof judgeWith>;

async function add(context: CommandContext, path: string, judge: Judge): Promise<number> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`无法读取文件 ${path}`, `Cannot read the file ${path}`);
  }
  const texts = readManifest(basename(path), text);
  const refused = [...texts].flatMap(([id, each]) => {
    const why = judge(each);
    return why ? [`✗ ${id}: ${why.chinese} ${why.message}`] : [];
  });
  if (refused.length > 0) {
    refused.forEach(say);
    say('未登记任何文档。 No document was registered.');
    return 1;
  }
  const { added, known } = await registerDocuments(context, texts);
  say(`新登记 registered: ${added.length}；已登记 known before: ${known.length}`);
  return 0;
}

/** Those an upgrade left behind are named, with what they lack. */
async function list({ sql }: CommandContext, judge: Judge): Promise<number> {
  const rows = await sql<{ id: string; text: string; at: Date; by: string }[]>`
    select document_id as id, text, registered_at as at, registered_by as by
    from hub.registered_document order by registered_at, document_id`;
  let broken = 0;
  for (const { id, text, at, by } of rows) {
    const why = judge(text);
    if (why) broken += 1;
    const said = why ? ` ✗ ${why.chinese} ${why.message}` : '';
    say(`${id} ${at.toISOString()} ${by}${said}`);
  }
  return broken > 0 ? 1 : 0;
}

async function remove(context: CommandContext, ids: readonly string[]): Promise<number> {
  const removed = new Set(await removeDocuments(context, ids));
  for (const id of ids) {
    say(`${id}: ${removed.has(id) ? '已注销 removed' : '没有登记 was not registered'}`);
  }
  return ids.every((id) => removed.has(id)) ? 0 : 1;
}

export async function run(args: readonly string[]): Promise<number> {
  const { positionals } = parse(args, {}, Number.POSITIVE_INFINITY);
  const [what = 'list', ...whom] = positionals;
  const [first, ...more] = whom;
  if (!['add', 'list', 'remove'].includes(what)) {
    throw new UsageError(`hub documents 没有 ${what}`, `hub documents has no ${what}`);
  }
  if ((what === 'list') !== (first === undefined) || (what === 'add' && more.length > 0)) {
    throw new UsageError(
      '用法：hub documents list | add <manifest.json> | remove <编号>…',
      'Usage: hub documents list | add <manifest.json> | remove <id>…',
    );
  }
  return atConsole('hub-documents', undefined, async (context, config) => {
    const judge = judgeWith(config);
    if (first === undefined) return list(context, judge);
    return what === 'add' ? add(context, first, judge) : remove(context, whom);
  });
}
