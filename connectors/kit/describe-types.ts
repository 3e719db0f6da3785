/** What a department may write for each column type: the words of the generated documentation. */
import { LONGEST, LONGEST_MULTILINE } from './cell-limits.ts';
import type { ColumnType } from './manifest.ts';

type TypeWords = { zh: string; en: string };

/** The same for a text that may run over several lines. */
export const MULTILINE_WORDS: TypeWords = {
  zh: `文字，可换行，至多${LONGEST_MULTILINE}字`,
  en: `text of several lines, at most ${LONGEST_MULTILINE} characters`,
};

export const TYPE_WORDS: Readonly<Record<ColumnType, TypeWords>> = {
  text: {
    zh: `文字，一行，至多${LONGEST.text}字`,
    en: `text on one line, at most ${LONGEST.text} characters`,
  },
  name: { zh: '姓名，生僻字和间隔号照实填写', en: 'name as in the document' },
  'resident-id': {
    zh: '公民身份号码，18位或15位',
    en: 'resident ID of 18 or 15 digits',
  },
  'travel-document': {
    zh: '出入境证件号码',
    en: 'number of a travel document',
  },
  uscc: {
    zh: '统一社会信用代码，18位',
    en: 'credit code, 18 characters',
  },
  plate: { zh: '机动车号牌号码', en: 'vehicle plate' },
  vin: { zh: '车辆识别代号，17位', en: 'VIN, 17 characters' },
  'real-estate-unit': {
    zh: '不动产单元号，28位',
    en: 'real-estate unit number, 28 characters',
  },
  date: {
    zh: '日期：2024-01-31、2024/1/31、20240131、2024年1月31日',
    en: 'date',
  },
  month: { zh: '年月：2024-01、2024.01、202401、2024年1月', en: 'month' },
  'date-or-month': { zh: '日期或年月', en: 'date or month' },
  timestamp: {
    zh: '日期和时间，北京时间',
    en: 'date and time, China time unless a zone is written',
  },
  year: { zh: '四位年份', en: 'year of four digits' },
  integer: { zh: '整数', en: 'whole number' },
  decimal: { zh: '小数', en: 'decimal' },
  'money-yuan': {
    zh: '金额，单位元，至多两位小数',
    en: 'yuan, at most 2 decimals',
  },
  'money-wan-yuan': {
    zh: '金额，单位万元，至多六位小数',
    en: '10,000 yuan, at most 6 decimals',
  },
  boolean: { zh: '是或否', en: 'yes or no: 是/否, 有/无, Y/N, 1/0' },
  code: { zh: '代码表中的一项', en: 'one word of a closed list' },
  list: { zh: '若干项，以顿号分隔', en: 'several words divided by 、' },
};
