/** The lists nested in a cell of a sheet, column by column, in a department's words. */
import { TYPE_WORDS } from './describe-types.ts';
import type { NestedColumn } from './inverse.ts';
import { table } from './markdown-table.ts';

/** What map.ts says of one nested list, as `sections`: the delivered column and the columns of its rows. */
export type NestedList = {
  column: string;
  columns: Readonly<Record<string, NestedColumn>>;
  /** What a department must know besides, e.g. what a blank means. */
  notes?: Readonly<Record<string, { zh: string; en: string }>>;
};

export const nestedLines = (lists: readonly NestedList[]): string[] =>
  lists.length === 0
    ? []
    : [
        '',
        '## 嵌套的表 · Lists within a row',
        '',
        '该列是一个列表 `[{…}, {…}]`，没有则写 `[]` 或不写；一行至多一件事。非必填的可以不写或留空；未列出的名称退回整份。' +
          ' The column is a list `[{…}, {…}]`; `[]` or no column where there is nothing. What is not required may be left out or blank; a name that is not listed returns the whole row.',
        ...lists.flatMap(({ column, columns, notes = {} }) => [
          '',
          `### ${column}`,
          '',
          ...table(
            ['名称 Name', '类型 Type', '必填 Required', '说明 Note'],
            Object.entries(columns).map(([name, { type, codes, required }]) => [
              name,
              codes === undefined
                ? `${TYPE_WORDS[type].zh} · ${TYPE_WORDS[type].en}`
                : `代码表 ${codes} 中的一项 · a word of the list ${codes}`,
              required ? '是 yes' : '',
              notes[name] ? `${notes[name].zh} · ${notes[name].en}` : '',
            ]),
          ),
        ]),
      ];
