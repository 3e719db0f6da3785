/**
 * How a feed's deliveries are named and written, way by way: for the department's README. What is said
 * here of files is what the reader of files does; a test delivers by these very words.
 */
import { deliveryNames, PLACE_PATTERN, SHEET_FORMATS, WORKBOOK_FORMAT } from './delivery-names.ts';
import type { Manifest } from './manifest.ts';
import { table } from './markdown-table.ts';

/** A date and number such as a department writes; not today's, so that the README stays as it is. */
const EXAMPLE = '2026-06-30';

const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(' ');

/** Whether a sheet holds lists in its cells, which no CSV and no workbook can. */
type Shape = { isNested: boolean };

/** The names of the README with a date in them: names that are accepted as they stand. */
export const exampleNames = (manifest: Manifest): string[] =>
  deliveryNames(manifest).map((name) => name.replace(PLACE_PATTERN, EXAMPLE));

export function waysLines(manifest: Manifest, { isNested }: Shape): string[] {
  const { feed, sheets } = manifest;
  const sources = Object.values(sheets).map(({ source }) => source);
  const formats = isNested ? SHEET_FORMATS.filter((it) => it === 'ndjson') : SHEET_FORMATS;
  const names = (format: string) => sources.map((it) => `${it}_${PLACE_PATTERN}.${format}`);
  const files = formats.map((format) => [
    `文件 file: ${format.toUpperCase()}`,
    quoted(names(format)),
  ]);
  const worksheets = sources.map((it) => `\`${it}\``).join(' ');
  const workbook = [
    `文件 file: ${WORKBOOK_FORMAT.toUpperCase()}`,
    `\`${feed}_${PLACE_PATTERN}.${WORKBOOK_FORMAT}\`（工作表 worksheets: ${worksheets}）`,
  ];
  return [
    '## 交付方式 · Ways of delivery',
    '',
    '任选一种，与枢纽运行单位商定；内容相同。 Any one of these, as agreed with whoever runs the hub; the content is the same.',
    '',
    ...table(
      ['方式 Way', '名称 Names'],
      [
        ...files,
        ...(isNested ? [] : [workbook]),
        ['签名接口 signed HTTP', quoted(sources.map((it) => `GET /${it}`))],
        ['前置库 front-end database', quoted(sources)],
      ],
    ),
    '',
    ...fileLines(manifest, isNested),
  ];
}

/** The first name a department may use, and the same with a number. */
function fileLines(manifest: Manifest, isNested: boolean): string[] {
  const [first = ''] = isNested
    ? exampleNames(manifest).filter((name) => name.endsWith('.ndjson'))
    : exampleNames(manifest);
  const second = first.replace(EXAMPLE, `${EXAMPLE}_2`);
  return [
    '### 文件怎么写 · How files are written',
    '',
    `- 文件名照上表逐字写，日期是数据截止日：\`${first}\`；同一天的第二次交付加序号：\`${second}\`。其他名称不取，并列入同步记录。` +
      ` The name is exactly as above, with the date of the data: \`${first}\`; a second delivery of that day has a number: \`${second}\`. Any other name is not taken, and is listed in the record of the run.`,
    `- 旁边可放清单 \`${first}.manifest.json\`：\`{"rows": 行数, "sha256": "文件的 SHA-256"}\`，放了就核对（\`rows\` 可省）；没有清单时，文件须完整结束（CSV 最后一行要换行）。` +
      ` A manifest \`${first}.manifest.json\` may lie beside it, \`{"rows": count, "sha256": "SHA-256 of the file"}\`, and is then held against it (\`rows\` may be left out); without one the file must show its own end (CSV: a line break after the last row).`,
    '- 正在上传的文件先用 `.part` 或 `.tmp` 结尾，传完再改名。不放链接和子文件夹。' +
      ' A file being uploaded ends in `.part` or `.tmp` until it is whole. No links and no folders.',
    ...(isNested
      ? ['- 每行一个 JSON 对象，UTF-8。 One JSON object a line, UTF-8.']
      : [
          '- 编码：NDJSON 为 UTF-8；CSV 为 UTF-8，或事先商定的 GB18030。 Charset: NDJSON is UTF-8; CSV is UTF-8, or GB18030 where that is agreed.',
          '- Excel：日期可以是日期格式的单元格，也可以是下表所列写法的文字；证件号码等长数字须是文字格式，数字格式会丢末几位，该行退回。' +
            ' Excel: a date may be a date cell or text as written below; long numbers such as ID numbers must be text cells: a number cell loses its last digits, and the row is returned.',
        ]),
  ];
}
