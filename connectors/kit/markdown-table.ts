/** Markdown tables with aligned columns, as the formatter of this repository leaves them. */

/** Characters that take two places in a fixed-width font. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}]|[\u{20000}-\u{3fffd}]/gu;

const widthOf = (text: string): number => Array.from(text).length + (text.match(WIDE)?.length ?? 0);

const escaped = (text: string): string =>
  text
    .trim()
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ');

/** Lines of one table; every row has as many cells as the head. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = [head, ...rows].map((row) => row.map(escaped));
  const widths = head.map((_, column) =>
    Math.max(3, ...cells.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, at) => padded(row[at] ?? '', width)).join(' | ')} |`;
  const [first = [], ...others] = cells;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(first), rule, ...others.map(line)];
}

const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)));
