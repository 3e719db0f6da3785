/**
 * The parts of a workbook's archive, inflated as a stream. yauzl knows the format (ZIP64 included);
 * nothing else is believed: what comes out is counted against our limits while it comes out, and
 * compared with the size and checksum that the directory declares.
 */
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { HubError } from '../../src/base/errors.ts';

export type ArchiveLimits = {
  feed: string;
  /** Bytes all parts together may inflate to. */
  inflatedLimit: number;
};

/** Stored and deflated. */
const READABLE = [0, 8];
const MOST_ENTRIES = 1_000;
/** Worksheets deflate to a tenth, repetitive ones to a hundredth; beyond this it is a bomb. */
const MOST_RATIO = 250;
/** So little is harmless at any ratio. */
const FREE_BYTES = 32 * 1024 * 1024;

/** Sizes are compared here, after our own limit has spoken. */
const OPTIONS = { lazyEntries: true, validateEntrySizes: false };

export class ZipArchive {
  readonly #zip: ZipFile;
  readonly #limits: ArchiveLimits;
  readonly #most: number;
  readonly #entries: ReadonlyMap<string, Entry>;
  #inflated = 0;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, limits: ArchiveLimits) {
    this.#zip = zip;
    this.#entries = entries;
    this.#limits = limits;
    const byRatio = Math.max(FREE_BYTES, zip.fileSize * MOST_RATIO);
    this.#most = Math.min(limits.inflatedLimit, byRatio);
  }

  /** Reads the directory; refused when it is damaged, encrypted, ambiguous or has too many parts. */
  static async open(bytes: Buffer, limits: ArchiveLimits): Promise<ZipArchive> {
    const { feed } = limits;
    try {
      const zip = await yauzl.fromBufferPromise(bytes, OPTIONS);
      if (zip.entryCount > MOST_ENTRIES) throw new HubError('source.too-large', { feed });
      return new ZipArchive(zip, await readDirectory(zip, feed), limits);
    } catch (error) {
      if (error instanceof HubError) throw error;
      throw unreadable(feed, 'this is no XLSX workbook, or its archive is damaged', error);
    }
  }

  has(name: string): boolean {
    return this.#entries.has(partName(name));
  }

  /** The content of one part, piece by piece; refused as soon as the archive's limit is passed. */
  async *read(name: string): AsyncGenerator<Uint8Array> {
    const { feed } = this.#limits;
    const entry = this.#entries.get(partName(name));
    if (entry === undefined) throw unreadable(feed, `the workbook has no part ${name}`);
    let [checksum, size] = [0, 0];
    try {
      for await (const piece of await this.#zip.openReadStreamPromise(entry)) {
        size += piece.length;
        this.#inflated += piece.length;
        if (this.#inflated > this.#most) throw new HubError('source.too-large', { feed });
        checksum = crc32(piece, checksum);
        yield piece;
      }
    } catch (error) {
      if (error instanceof HubError) throw error;
      throw unreadable(feed, 'the archive is damaged', error);
    }
    if (checksum !== entry.crc32 || size !== entry.uncompressedSize) {
      throw unreadable(feed, 'the archive is damaged');
    }
  }
}

/** Names of parts differ in more than case. */
const partName = (name: string): string => name.replace(/^\/+/, '').toLowerCase();

const unreadable = (feed: string, reason: string, cause?: unknown) =>
  new HubError('source.unreadable', { feed, reason }, cause);

async function readDirectory(zip: ZipFile, feed: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    const name = partName(entry.fileName);
    if (entries.has(name)) throw unreadable(feed, 'the workbook has two parts of one name');
    if (entry.isEncrypted() || !READABLE.includes(entry.compressionMethod)) {
      throw unreadable(feed, 'the workbook is encrypted or packed in an unknown way');
    }
    entries.set(name, entry);
  }
  return entries;
}
