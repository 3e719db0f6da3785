/** Where a delivery's rows go. A delivery may become several files; each is counted apart. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DeliverySummary } from '../options.ts';

export type Outlet = {
  write(sheet: number, cells: readonly string[], isBroken: boolean): void;
  /** True when one broken row more stays far below the share at which a delivery is refused. */
  mayBreak(): boolean;
  /** Called between families, where a file may end. */
  endFamily(officials: number): Promise<void>;
  close(): Promise<DeliverySummary[]>;
};

/** A feed refuses a delivery with more than five broken rows in a hundred; clerks stay far below. */
const BROKEN_SHARE = 0.012;

export class Tally {
  rows = 0;
  broken = 0;

  add(isBroken: boolean): void {
    this.rows += 1;
    if (isBroken) this.broken += 1;
  }

  mayBreak(): boolean {
    return this.broken + 1 <= this.rows * BROKEN_SHARE;
  }

  summary(file: string, asOf: string, sequence: number): DeliverySummary {
    return { file, asOf, sequence, rows: this.rows, brokenRows: this.broken };
  }
}

const BLOCK_CHARACTERS = 1 << 19;

/** A file written in blocks; made when the first text comes. */
export class TextFile {
  readonly #path: string;
  readonly #encode: (text: string) => Buffer;
  #handle: number | undefined;
  #waiting: string[] = [];
  #characters = 0;

  constructor(
    folder: string,
    file: string,
    encode: (text: string) => Buffer = (text) => Buffer.from(text),
  ) {
    this.#path = join(folder, file);
    this.#encode = encode;
  }

  write(text: string): void {
    this.#waiting.push(text);
    this.#characters += text.length;
    if (this.#characters >= BLOCK_CHARACTERS) this.#flush();
  }

  #flush(): void {
    if (this.#waiting.length === 0) return;
    if (this.#handle === undefined) {
      mkdirSync(dirname(this.#path), { recursive: true });
      this.#handle = openSync(this.#path, 'w');
    }
    writeSync(this.#handle, this.#encode(this.#waiting.join('')));
    this.#waiting = [];
    this.#characters = 0;
  }

  close(): void {
    this.#flush();
    if (this.#handle !== undefined) closeSync(this.#handle);
  }
}

const needsQuotes = /[",\r\n]/;

export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
