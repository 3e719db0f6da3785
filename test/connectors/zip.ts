/** Writes ZIP archives byte by byte, so that a test can make ones that lie. */
import { crc32, deflateRawSync } from 'node:zlib';

export type Part = string | { deflated: Buffer; declaredSize: number };
type Options = { isZip64?: boolean };

const LARGE_32 = 0xffff_ffff;
const LARGE_16 = 0xffff;

/** In an archive of ZIP64 sizes, offsets and counts stand in records of 64 bits each. */
export function zipOf(parts: Record<string, Part>, { isZip64 = false }: Options = {}): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, part] of Object.entries(parts)) {
    const isText = typeof part === 'string';
    const content = isText ? deflateRawSync(part) : part.deflated;
    const size = isText ? Buffer.byteLength(part) : part.declaredSize;
    const name = Buffer.from(path);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(isText ? crc32(part) : 0, 16);
    entry.writeUInt32LE(isZip64 ? LARGE_32 : content.length, 20);
    entry.writeUInt32LE(isZip64 ? LARGE_32 : size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(isZip64 ? LARGE_32 : offset, 42);
    const extra = isZip64 ? extraOf([size, content.length, offset]) : Buffer.alloc(0);
    entry.writeUInt16LE(extra.length, 30);
    files.push(local, name, content);
    directory.push(entry, name, extra);
    offset += 30 + name.length + content.length;
  }
  const entries = Buffer.concat(directory);
  const count = Object.keys(parts).length;
  const end = isZip64
    ? end64Of(count, entries.length, offset)
    : endOf(count, entries.length, offset);
  return Buffer.concat([...files, entries, end]);
}

/** The field that holds what does not fit into an entry. */
function extraOf(numbers: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * numbers.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * numbers.length, 2);
  for (const [at, number] of numbers.entries()) extra.writeBigUInt64LE(BigInt(number), 4 + 8 * at);
  return extra;
}

function endOf(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/** The end of the directory in 64 bits, where to find it, and an end that says to look there. */
function end64Of(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(56);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(size), 40);
  end.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end, locator, endOf(LARGE_16, LARGE_32, LARGE_32)]);
}
