/**
 * What clerks do to rows. `respell` writes the same fact in another way; `mistake` states something
 * wrong that a later delivery corrects; `breakRow` makes a row no connector can accept. Broken rows
 * are always extra: the right row follows in the same delivery, so no fact is lost to dirt.
 */
import { residentIdTo15 } from '../../../connectors/kit/values/resident-id.ts';
import type { Random } from '../random.ts';
import type { CellKind, SheetPlan } from './department.ts';

/** Only people born before this year are still held under numbers of 15 digits. */
const OLD_NUMBERS_BEFORE = 1972;

const widen = (text: string): string =>
  text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));

const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;

const respellings: Partial<Record<CellKind, (cell: string, random: Random) => string>> = {
  id: (cell, random) => {
    if (cell.endsWith('X')) return cell.toLowerCase();
    const isOld = cell.length === 18 && Number(cell.slice(6, 10)) < OLD_NUMBERS_BEFORE;
    if (isOld && random.chance(0.6)) return residentIdTo15(cell);
    return random.chance(0.5) ? widen(cell) : `${cell}  `;
  },
  name: (cell) => `${cell}　`,
  date: (cell, random) => {
    const parts = DATE.exec(cell);
    if (!parts) return `${cell} `;
    const [, year, month, day] = parts;
    return random.pick([
      `${year}/${Number(month)}/${Number(day)}`,
      `${year}年${Number(month)}月${Number(day)}日`,
      `${year}${month}${day}`,
    ]);
  },
  money: (cell) =>
    cell.replace(/\B(?=(\d{3})+(?=\.|$))/g, ',').replace(/\.(.*)$/, (m) => m.replaceAll(',', '')),
  number: (cell) => widen(cell),
};

/** Columns of these kinds that hold something. */
const columnsOf = (
  plan: SheetPlan,
  cells: readonly string[],
  kinds: readonly CellKind[],
): number[] => plan.columns.flatMap(([, kind], i) => (kinds.includes(kind) && cells[i] ? [i] : []));

const pickOf = (random: Random, columns: readonly number[]): number | undefined =>
  columns[Math.floor(random.next() * columns.length)];

const changed = (cells: readonly string[], at: number, cell: string): string[] =>
  cells.map((old, i) => (i === at ? cell : old));

export function respell(plan: SheetPlan, cells: string[], random: Random): string[] {
  if (cells.length === 1) return [respellDeclaration(cells[0] ?? '', random)];
  const at = pickOf(random, columnsOf(plan, cells, ['id', 'name', 'date', 'money', 'number']));
  const kind = at === undefined ? undefined : plan.columns[at]?.[1];
  const change = kind && respellings[kind];
  return at === undefined || !change ? cells : changed(cells, at, change(cells[at] ?? '', random));
}

/** An amount ten times too large; undefined where the row has no amount. */
export function mistake(plan: SheetPlan, cells: string[], random: Random): string[] | undefined {
  const at = pickOf(random, columnsOf(plan, cells, ['money']));
  const amount = Number(cells[at ?? -1]);
  if (at === undefined || !(amount > 0)) return undefined;
  return changed(cells, at, String(Math.round(amount * 1_000_000) / 100_000));
}

export function breakRow(plan: SheetPlan, cells: string[], random: Random): string[] | undefined {
  if (cells.length === 1) return [breakDeclaration(cells[0] ?? '', random)];
  const columns = plan.columns.flatMap(([, kind, isRequired], i) =>
    cells[i] && (kind === 'date' || kind === 'code' || (isRequired && kind !== 'id')) ? [i] : [],
  );
  const at = pickOf(random, columns);
  if (at === undefined) return undefined;
  const kind = plan.columns[at]?.[1];
  if (kind === 'date') return changed(cells, at, `2024-02-31${(cells[at] ?? '').slice(10)}`);
  return changed(cells, at, kind === 'code' ? '待核实' : '');
}

function respellDeclaration(json: string, random: Random): string {
  const idNumber = /"身份证号":"(\w{18})"/.exec(json)?.[1] ?? '';
  return json.replace(idNumber, respellings.id?.(idNumber, random) ?? idNumber);
}

/** A declaration without its year, or signed on a day that does not exist. */
const breakDeclaration = (json: string, random: Random): string =>
  random.chance(0.5)
    ? json.replace(/"报告年度":"\d{4}"/, '"报告年度":""')
    : json.replace(/"签字日期":"(\d{4})-\d\d-\d\d"/, '"签字日期":"$1-02-31"');
