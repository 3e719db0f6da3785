/**
 * How a sheet is laid out around its rows: titles above the header, totals and signatures below the
 * last row. Both are agreed in feed.yml. Titles are passed over; totals are recognised at the very
 * end only, and counted, so that no row in the middle can go missing as one.
 */
import type { Sheet } from './manifest.ts';
import { compact } from './values/fold.ts';

type Cells = readonly (string | null)[];

/** A sheet ends in a few totals and signatures, not in pages of them. */
const MOST_HELD = 50;

const isBlank = (cell: string | null): boolean => cell === null || cell.trim() === '';

export class SheetLayout {
  readonly #beginnings: readonly string[];
  /** Whether the contract says that rows stand above the header. */
  readonly hasTitles: boolean;
  #titles: number;
  /** Rows that are totals if nothing but totals and blanks comes after them. */
  #held: Cells[] = [];
  header: readonly string[] | undefined;

  constructor({ titleRows, totals }: Pick<Sheet, 'titleRows' | 'totals'>) {
    this.#titles = titleRows;
    this.hasTitles = titleRows > 0;
    this.#beginnings = totals.map(compact);
  }

  /** The rows that are known to be rows once this one has come: mostly this one. */
  take(cells: Cells): readonly Cells[] {
    if (this.header === undefined) {
      this.#takeAbove(cells);
      return [];
    }
    if (this.#beginnings.length === 0) return [cells];
    const isHeld = this.#isTotal(cells) || (this.#held.length > 0 && cells.every(isBlank));
    if (isHeld && this.#held.length < MOST_HELD) {
      this.#held.push(cells);
      return [];
    }
    const rows = [...this.#held, cells];
    this.#held = [];
    return rows;
  }

  /** After the last row: how many totals and signatures stood at the end. */
  totals(): number {
    return this.#held.filter((cells) => this.#isTotal(cells)).length;
  }

  #takeAbove(cells: Cells): void {
    // Blank rows between title and header are laid out by eye and not counted.
    if (cells.every(isBlank)) return;
    if (this.#titles > 0) this.#titles -= 1;
    else this.header = cells.map((cell) => cell ?? '');
  }

  #isTotal(cells: Cells): boolean {
    const first = compact(cells.find((cell) => !isBlank(cell)) ?? '');
    return this.#beginnings.some((beginning) => first.startsWith(beginning));
  }
}
