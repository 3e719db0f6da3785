/** What surrounds the rows of a sheet, and how many records a row holds, in a department's words. */
import { isRead } from './compare-columns.ts';
import type { Sheet } from './manifest.ts';

const quoted = (words: readonly string[]): string => words.map((word) => `“${word}”`).join('、');

type Record = NonNullable<Sheet['records']>[number];
const recordWords = ({ columns, when }: Record): string => {
  const condition = when === undefined ? '' : `（“${when}”有值时 where “${when}” is filled in）`;
  return `${quoted(Object.keys(columns))}${condition}`;
};

/** Paragraphs for the sheet's section; none for a sheet of plain rows under one header. */
export function layoutLines({ titleRows, totals, records = [] }: Sheet): string[] {
  const paragraphs = [
    titleRows > 0 &&
      `表头之上有 ${titleRows} 行标题（空行不计）。 Rows above the header, blank ones not counted: ${titleRows}.`,
    totals.length > 0 &&
      `表尾以${quoted(totals)}开头的行只计数，不作记录。 Rows at the end that begin so are counted and are no records.`,
    records.length > 0 &&
      `一行含 ${records.length} 条记录，其余各列共用。 One row is ${records.length} records, which share the other columns: ${records.map(recordWords).join('；')}`,
  ];
  return paragraphs.flatMap((line) => (line === false ? [] : [line, '']));
}

/** Which columns the delivery may do without; the others must be there, if blank. */
export function absentLines({ columns }: Sheet): string[] {
  const free = Object.entries(columns).filter(([, column]) => !isRead(column));
  const names = free.map(([name]) => name);
  const may =
    names.length > 0 ? `可以没有这些列 These columns may be absent: ${quoted(names)}` : '';
  const must =
    '其余各列都须出现，非必填的内容可以为空（NDJSON 的一行可以不写空列，但每列至少在一行中出现）。' +
    ' Every other column must be there; what is not required may be blank (a line of NDJSON may leave blank columns out, but each column must occur in some line).';
  return [...(may ? [may, ''] : []), must, ''];
}
