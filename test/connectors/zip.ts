/** Writes ZIP archives byte by byte, so that a test can make ones that lie. */
import { crc32, deflateRawSync } from 'node:zlib';

type Part = string | { deflated: Buffer; declaredSize: number };

export function zipOf(parts: Record<string, Part>): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, part] of Object.entries(parts)) {
    const isText = typeof part === 'string';
    const content = isText ? deflateRawSync(part) : part.deflated;
    const name = Buffer.from(path);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(isText ? crc32(part) : 0, 16);
    entry.writeUInt32LE(content.length, 20);
    entry.writeUInt32LE(isText ? part.length : part.declaredSize, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    files.push(local, name, content);
    directory.push(entry, name);
    offset += 30 + name.length + content.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, entries, end]);
}
