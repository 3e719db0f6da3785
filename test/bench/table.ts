/** What the bench prints: one line per figure, and how figures are worded. */

export type Line = { what: string; hub?: string; baseline?: string; ratio?: string; goal?: string };

export const seconds = (value: number) => `${value.toFixed(1)} s`;
export const perSecond = (value: number) => `${Math.round(value)} /s`;
export const ratio = (value: number) => value.toFixed(2);
export const megabytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MB`;
export const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;

const COLUMNS = ['what', 'hub', 'baseline', 'ratio', 'goal'] as const;

/** The lines as a table of plain text. */
export function tableOf(lines: readonly Line[]): string {
  const header = Object.fromEntries(COLUMNS.map((name) => [name, name]));
  const rows = [header, ...lines].map((line: Partial<Line>) =>
    COLUMNS.map((name) => line[name] ?? ''),
  );
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  return rows
    .map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '))
    .map((text) => `${text.trimEnd()}\n`)
    .join('');
}
