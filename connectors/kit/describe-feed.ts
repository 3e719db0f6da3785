/**
 * The README of a feed, made of its manifest: what a department must deliver, in its own words. The
 * file is committed and compared by a test, so the document cannot drift from what the hub accepts.
 */
import { isRead } from './compare-columns.ts';
import { absentLines, layoutLines } from './describe-layout.ts';
import { type NestedList, nestedLines } from './describe-nested.ts';
import { MULTILINE_WORDS, TYPE_WORDS } from './describe-types.ts';
import { waysLines } from './describe-ways.ts';
import type { Column, Manifest, Naming, Sheet } from './manifest.ts';
import { table } from './markdown-table.ts';
import { recordSheets } from './record-sheets.ts';

/** A delivered cell for sheet and column, taken from the feed's own sample. */
export type Examples = (sheet: string, column: string) => string;

/** Markdown for people who deliver this feed and people who read it. */
export function describeFeed(
  manifest: Manifest,
  examples: Examples,
  nested: readonly NestedList[] = [],
): string {
  const { title, sheets, codes } = manifest;
  const lists = Object.entries(codes);
  const lines = [
    `# ${title.zh} · ${title.en}`,
    '',
    '<!-- 由 feed.yml 生成，请勿手改。Generated from feed.yml by `npx vitest run test/connectors.test.ts -u`. -->',
    '',
    ...table(['约定 Agreement', ''], agreement(manifest)),
    '',
    ...waysLines(manifest, { isNested: nested.length > 0 }),
    ...Object.entries(sheets).flatMap(([name, sheet]) => [
      '',
      ...sheetLines(name, sheet, examples),
    ]),
    ...nestedLines(nested),
    ...(lists.length === 0 ? [] : ['', '## 代码表 · Codes', '', CODES_INTRODUCTION]),
    ...lists.flatMap(([name, list]) => ['', ...codeLines(name, list)]),
  ];
  return `${lines.join('\n')}\n`;
}

const CODES_INTRODUCTION =
  '表外的取值一律退回，不归入“其他”。 A word that is not listed is returned, never counted as "other".';

const RESTATES_WORDS =
  '每行是一份完整的陈述：以同一标志再次交付时，各栏中未再列出的内容视为撤回；写明“无”的栏目不得再有内容。 Each row is stated whole: delivered again under the same key, what its lists no longer have is taken back; a list stated to be empty has no entries.';

const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;

const agreement = (manifest: Manifest): string[][] => [
  ['提供单位 Publisher', `${manifest.publisher.zh} · ${manifest.publisher.en}`],
  ['协议编号 Agreement no.', manifest.agreementNo],
  ['法律依据 Legal basis', manifest.legalBasis],
  ['用途 Purpose', manifest.purpose],
  ['时间 Schedule', `\`${manifest.schedule}\` (Asia/Shanghai)`],
  ['方式 Mode', MODE_WORDS[manifest.mode]],
  ['过期 Stale after', `${manifest.staleAfterDays} 天 days`],
  ['新增列 Column added', DRIFT_WORDS[manifest.drift.added]],
  ['缺少列 Column missing', DRIFT_WORDS[manifest.drift.missing]],
  ['至少行数 Rows at least', String(manifest.assert.rowsMin)],
  ['坏行上限 Bad rows at most', percent(manifest.assert.badRowsOver)],
];

const MODE_WORDS: Readonly<Record<Manifest['mode'], string>> = {
  full: '全量：未再出现的行视为终止 full: a row that is missing has ended',
  delta: '增量：未出现的行保持不变 delta: a row that is missing stays',
};

const DRIFT_WORDS: Readonly<Record<'warn' | 'stop' | 'quarantine', string>> = {
  warn: '提醒 warn',
  stop: '停止，整批不用 stop, nothing is used',
  quarantine: '退回有关行 return the rows concerned',
};

const inColumns = (fields: readonly string[], { columns }: Sheet): string =>
  fields
    .map(
      (field) => Object.entries(columns).find(([, column]) => column.field === field)?.[0] ?? field,
    )
    .join(' + ');

/** By which columns something is named; the next list counts where the one before is blank. */
const namedBy = ({ by }: Naming, sheet: Sheet): string =>
  by.map((fields) => inColumns(fields, sheet)).join('，没有则凭 or else ');

/** What identifies a fact: the subject, if the row names one, and the fields of the key. */
function keyWords(sheet: Sheet): string {
  const parts = sheet.key.map((field) => {
    const naming = sheet.mentions?.[field];
    return naming ? namedBy(naming, sheet) : inColumns([field], sheet);
  });
  const { subject } = sheet;
  return `**${[...(subject ? [namedBy(subject, sheet)] : []), ...parts].join(' + ')}**`;
}

const sheetLines = (name: string, sheet: Sheet, examples: Examples): string[] => [
  `## ${sheet.source}`,
  '',
  `同一事实的标志（再次交付即为更正） Key; the same key again is a correction: ${recordSheets(sheet).map(keyWords).join('；')}`,
  '',
  ...(sheet.restates ? [RESTATES_WORDS, ''] : []),
  ...layoutLines(sheet),
  ...absentLines(sheet),
  ...table(
    ['列名 Column', '含义 Meaning', '类型 Type', '必填 Required', '示例 Example'],
    Object.entries(sheet.columns).map(([column, settings]) => [
      ...columnCells(column, settings),
      isRead(settings) ? examples(name, column) : '',
    ]),
  ),
];

function columnCells(name: string, column: Column): string[] {
  const meaning = column.note ? `${column.note.zh} · ${column.note.en}` : inWords(column.field);
  if (column.drop) return [name, '入库前删除，不保存 dropped before anything is stored', '—', ''];
  if (!isRead(column)) {
    return [name, column.note ? meaning : '留存但不使用 kept but not used', '—', ''];
  }
  const words = column.multiline ? MULTILINE_WORDS : TYPE_WORDS[column.type];
  const type =
    column.codes === undefined
      ? `${words.zh} · ${words.en}${range(column)}${column.ahead ? AHEAD_WORDS : ''}`
      : `代码表 ${column.codes} 中的一项 · a word of the list ${column.codes}`;
  return [name, meaning, type, column.required ? '是 yes' : ''];
}

const AHEAD_WORDS = '，可晚于交付日期 may lie ahead of the delivery';

const range = ({ min, max }: Column): string =>
  min === undefined && max === undefined ? '' : ` (${min ?? ''}–${max ?? ''})`;

/** `taxYear` → `tax year`; units of storage are not the department's business. */
const inWords = (field = ''): string =>
  field.replace(/(Fen|M2)$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const codeLines = (name: string, list: Readonly<Record<string, string>>): string[] => [
  `### ${name}`,
  '',
  ...table(
    ['填写 Delivered', '代码 Code'],
    Object.entries(list).map(([word, code]) => [word, `\`${code}\``]),
  ),
];
