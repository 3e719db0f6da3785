/**
 * Tells whether a key may have been seen, in 8 bytes per key where a Set of strings takes 100. It
 * compares 52 bits: "no" is certain, "yes" is checked by the caller.
 */
export type KeySet = {
  /** Adds a key by its number; true when it may have been there already. */
  add(number: number): boolean;
};

/** The first 52 bits of a hexadecimal key. */
export const keyNumber = (hex: string): number => Number.parseInt(hex.slice(0, 13), 16);

const FIRST_CAPACITY = 1 << 12;
const EMPTY = -1;

export function createKeySet(): KeySet {
  let table = new Float64Array(FIRST_CAPACITY).fill(EMPTY);
  let size = 0;
  const put = (into: Float64Array, value: number): boolean => {
    const mask = into.length - 1;
    let at = value % into.length;
    for (let held = into[at]; held !== EMPTY; held = into[at]) {
      if (held === value) return true;
      at = (at + 1) & mask;
    }
    into[at] = value;
    return false;
  };
  const grow = () => {
    const larger = new Float64Array(table.length * 2).fill(EMPTY);
    for (const value of table) if (value !== EMPTY) put(larger, value);
    table = larger;
  };
  return {
    add(number) {
      if (size * 2 > table.length) grow();
      if (put(table, number)) return true;
      size += 1;
      return false;
    },
  };
}
