/**
 * One department's deliveries over the years. Each holds the rows that differ from what was last
 * sent; a row sent late or wrong is not remembered as sent, so the next delivery brings it (right).
 */
import type { DeliverySummary } from '../options.ts';
import { Random } from '../random.ts';
import type { Department, SheetRow } from './department.ts';
import { breakRow, mistake, respell } from './dirt.ts';
import type { Outlet } from './outlet.ts';

/** Upper ends of the shares of rows that are late, wrong, respelled, broken once before, sent twice. */
const LATE = 0.004;
const WRONG = 0.008;
const RESPELLED = 0.02;
const BROKEN = 0.027;
const TWICE = 0.03;

/** A family to a desk: how many officials it has, and the rows a department would show of it. */
export type Household = {
  index: number;
  officials: number;
  rows(department: Department, asOf: string): SheetRow[];
};

export class Desk {
  readonly department: Department;
  readonly #seed: number;
  readonly #outlets: { asOf: string; outlet: Outlet; rows: number }[];
  #newest: SheetRow | undefined;

  constructor(seed: number, folder: string, department: Department) {
    this.department = department;
    this.#seed = seed;
    this.#outlets = department.dates.map((asOf) => ({
      asOf,
      outlet: department.way.open({ folder, department, asOf }),
      rows: 0,
    }));
  }

  /** Rows that belong to no family (units); always clean, in the first delivery. */
  writeFirst(rows: readonly SheetRow[]): void {
    for (const { sheet, cells } of rows) this.#outlets[0]?.outlet.write(sheet, cells, false);
  }

  async take({ index, officials, rows }: Household): Promise<void> {
    const random = new Random(this.#seed, `dirt ${this.department.feed}`, index);
    const sent = new Set<string>();
    for (const [turn, delivery] of this.#outlets.entries()) {
      const { asOf, outlet } = delivery;
      const isLast = turn === this.#outlets.length - 1;
      for (const row of rows(this.department, asOf)) {
        this.#newest = row;
        const identity = `${row.sheet}\u0001${row.cells.join('\u0001')}`;
        if (sent.has(identity)) continue;
        delivery.rows += 1;
        if (this.#send(outlet, row, random, isLast)) sent.add(identity);
      }
      await outlet.endFamily(officials);
    }
  }

  /** False when the row still has to be sent (again) in the next delivery. */
  #send(outlet: Outlet, { sheet, cells }: SheetRow, random: Random, isLast: boolean): boolean {
    const plan = this.department.sheets[sheet];
    const draw = random.next();
    if (!plan || draw >= TWICE) {
      outlet.write(sheet, cells, false);
      return true;
    }
    if (draw < LATE && !isLast) return false;
    const wrong =
      draw >= LATE && draw < WRONG && !isLast ? mistake(plan, cells, random) : undefined;
    if (wrong) {
      outlet.write(sheet, wrong, false);
      return false;
    }
    if (draw >= RESPELLED && draw < BROKEN && outlet.mayBreak()) {
      const broken = breakRow(plan, cells, random);
      if (broken) outlet.write(sheet, broken, true);
    }
    outlet.write(sheet, draw < RESPELLED ? respell(plan, cells, random) : cells, false);
    if (draw >= BROKEN) outlet.write(sheet, cells, false);
    return true;
  }

  async close(): Promise<DeliverySummary[]> {
    const last = this.#outlets.at(-1);
    // Nothing new is still delivered, or the feed would count as stale: one known row once more.
    if (last?.rows === 0 && this.#newest) {
      last.outlet.write(this.#newest.sheet, this.#newest.cells, false);
    }
    const summaries: DeliverySummary[] = [];
    for (const { outlet } of this.#outlets) summaries.push(...(await outlet.close()));
    return summaries;
  }
}
