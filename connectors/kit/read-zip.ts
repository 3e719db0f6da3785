/**
 * The entries of a ZIP archive, inflated as a stream under one limit that is counted on the output.
 * Nothing is believed: neither the sizes an archive declares nor the number of its entries.
 */
import { crc32, createInflateRaw } from 'node:zlib';
import { HubError } from '../../src/base/errors.ts';

export type ArchiveLimits = {
  feed: string;
  /** Bytes all entries together may inflate to. */
  inflatedLimit: number;
};

const MOST_ENTRIES = 1_000;
const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 65_535;
const STORED = 0;
const DEFLATED = 8;

const PIECE = 65_536;

type Entry = { method: number; size: number; offset: number; checksum: number };

export class ZipArchive {
  readonly #bytes: Buffer;
  readonly #limits: ArchiveLimits;
  readonly #entries = new Map<string, Entry>();
  #inflated = 0;

  constructor(bytes: Buffer, limits: ArchiveLimits) {
    this.#bytes = bytes;
    this.#limits = limits;
    try {
      this.#readDirectory();
    } catch (error) {
      if (error instanceof HubError) throw error;
      throw this.#unreadable('the archive is damaged', error);
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The content of one entry, piece by piece; refused as soon as the archive's limit is passed. */
  async *open(name: string): AsyncGenerator<Uint8Array> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw this.#unreadable(`the workbook has no part ${name}`);
    const content = this.#contentOf(entry);
    let checksum = 0;
    try {
      for await (const piece of entry.method === STORED ? pieces(content) : inflate(content)) {
        this.#inflated += piece.length;
        if (this.#inflated > this.#limits.inflatedLimit) throw this.#tooLarge();
        checksum = crc32(piece, checksum);
        yield piece;
      }
    } catch (error) {
      if (error instanceof HubError) throw error;
      throw this.#unreadable('the archive is damaged', error);
    }
    if (checksum !== entry.checksum) throw this.#unreadable('the archive is damaged');
  }

  #readDirectory(): void {
    const bytes = this.#bytes;
    const end = this.#findEnd();
    const count = bytes.readUInt16LE(end + 10);
    if (count > MOST_ENTRIES) throw this.#tooLarge();
    let at = bytes.readUInt32LE(end + 16);
    for (let number = 0; number < count; number += 1) {
      if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw this.#unreadable('no directory');
      const nameLength = bytes.readUInt16LE(at + 28);
      const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
      const method = bytes.readUInt16LE(at + 10);
      const isEncrypted = (bytes.readUInt16LE(at + 8) & 1) === 1;
      if (isEncrypted || (method !== STORED && method !== DEFLATED)) {
        throw this.#unreadable('the workbook is encrypted or packed in an unknown way');
      }
      this.#entries.set(name.replaceAll('\\', '/'), {
        method,
        size: bytes.readUInt32LE(at + 20),
        offset: bytes.readUInt32LE(at + 42),
        checksum: bytes.readUInt32LE(at + 16),
      });
      at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    }
  }

  #findEnd(): number {
    const first = Math.max(0, this.#bytes.length - END_SIZE - LONGEST_COMMENT);
    for (let at = this.#bytes.length - END_SIZE; at >= first; at -= 1) {
      if (this.#bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at;
    }
    throw this.#unreadable('this is no XLSX workbook');
  }

  #contentOf({ offset, size }: Entry): Buffer {
    if (this.#bytes.readUInt32LE(offset) !== LOCAL_ENTRY) throw this.#unreadable('damaged entry');
    const start =
      offset + 30 + this.#bytes.readUInt16LE(offset + 26) + this.#bytes.readUInt16LE(offset + 28);
    if (start + size > this.#bytes.length) throw this.#unreadable('the workbook is cut off');
    return this.#bytes.subarray(start, start + size);
  }

  #unreadable(reason: string, cause?: unknown): HubError {
    return new HubError('source.unreadable', { feed: this.#limits.feed, reason }, cause);
  }

  #tooLarge(): HubError {
    return new HubError('source.too-large', { feed: this.#limits.feed });
  }
}

/** Inflates as fast as it is read: what nobody asks for is never in memory. */
function inflate(content: Buffer): AsyncIterable<Buffer> {
  const stream = createInflateRaw({ chunkSize: PIECE });
  stream.end(content);
  return stream;
}

function* pieces(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += PIECE) yield content.subarray(at, at + PIECE);
}
