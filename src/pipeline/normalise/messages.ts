/**
 * What a clerk of the delivering department reads about a row that was not used: which column, what
 * is wrong and what to do. Never the value: these sentences travel further than the data.
 */
import type { Rejection, RejectionReason } from '../../../connectors/kit/record.ts';

type Sentence = { zh: (column: string) => string; en: (column: string) => string };

const SENTENCES: Readonly<Record<RejectionReason, Sentence>> = {
  'value.missing': {
    zh: (c) => `“${c}”为必填项，此行为空，请补填后重新报送。`,
    en: (c) => `Column "${c}" is required but empty; fill it in and deliver the row again.`,
  },
  'value.not-a-date': {
    zh: (c) => `“${c}”不是有效日期，请按“年-月-日”填写。`,
    en: (c) => `Column "${c}" is not a calendar date; write it as year-month-day.`,
  },
  'value.in-future': {
    zh: (c) => `“${c}”晚于本批数据的日期，不可能已经发生，请核对年份后重新报送。`,
    en: (c) =>
      `Column "${c}" lies after the date of the data, so it cannot have happened; check the year.`,
  },
  'value.not-a-number': {
    zh: (c) => `“${c}”不是约定范围内的数字，请核对数值和单位。`,
    en: (c) => `Column "${c}" is not a number in the agreed range; check the value and its unit.`,
  },
  'value.unknown-code': {
    zh: (c) => `“${c}”的取值不在约定的代码表中，请改用约定取值，或先商定新增代码。`,
    en: (c) => `Column "${c}" is not in the agreed list; use a listed value or agree on a new one.`,
  },
  'value.bad-check-digit': {
    zh: (c) => `“${c}”的校验码不符，号码可能有误，请核对原件。`,
    en: (c) => `The check digit of column "${c}" is wrong; compare the number with the document.`,
  },
  'value.malformed': {
    zh: (c) => `“${c}”的格式不符合约定，请核对位数和字符。`,
    en: (c) => `Column "${c}" does not have the agreed form; check its length and characters.`,
  },
  'value.undecodable': {
    zh: (c) => `“${c}”含有无法识别的字符，请检查文件编码后重新导出。`,
    en: (c) =>
      `Column "${c}" holds characters that cannot be read; export it in the agreed charset.`,
  },
  'value.too-long': {
    zh: (c) => `“${c}”超过约定长度，请检查是否串列或多行并入一格。`,
    en: (c) =>
      `Column "${c}" is longer than agreed; check whether columns have shifted or rows run together.`,
  },
  'value.control-character': {
    zh: (c) => `“${c}”中有换行、制表符或不可见字符，请删除后重新报送；如引号不配对，请先补齐引号。`,
    en: (c) =>
      `Column "${c}" holds a line break, a tab or an unseen character; remove it, or close the quote before it.`,
  },
  'row.shape': {
    zh: () => '此行的列数或结构与表头不符，请检查分隔符、引号是否配对，以及单元格内是否有换行。',
    en: () =>
      'The row does not line up with its header; check separators, unpaired quotes and line breaks inside cells.',
  },
  'row.contradicts': {
    zh: (c) => `“${c}”与此行其他栏目矛盾：写明没有的栏目仍有内容，请核对后重新报送。`,
    en: (c) =>
      `Column "${c}" contradicts the rest of the row: what it says there is none of has entries; check both.`,
  },
  'person.unknown': {
    zh: (c) => `“${c}”所列证件尚无持有人登记，待证件信息到达后自动重试。`,
    en: (c) =>
      `The document in column "${c}" has no known holder yet; tried again when it arrives.`,
  },
  'person.name-differs': {
    zh: (c) => `“${c}”与该证件登记的持有人姓名不一致，请核对姓名和证件号码。`,
    en: (c) => `Column "${c}" differs from the name of the document's holder; check both.`,
  },
};

/** The two sentences for a rejection; a rejection without a column speaks of the row. */
export function quarantineMessage({ reason, column }: Rejection): { zh: string; en: string } {
  const { zh, en } = SENTENCES[reason];
  return { zh: zh(column ?? '此行'), en: en(column ?? 'this row') };
}
