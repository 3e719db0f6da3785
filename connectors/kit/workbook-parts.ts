/** The parts of a workbook that its sheets refer to: names, shared strings, number formats. */
import { HubError } from '../../src/base/errors.ts';
import type { Chunks } from './read-csv.ts';
import { attribute, readXml, type XmlHandler } from './read-xml.ts';
import type { ZipArchive } from './read-zip.ts';

export type Worksheet = { name: string; part: string };
export type Workbook = { worksheets: Worksheet[]; startsIn1904: boolean };

/** Shared strings stay in memory while a workbook is read. */
const MOST_STRING_BYTES = 64 * 1024 * 1024;
const STRING_OVERHEAD = 32;
/** Excel's own limit. The XML reader hands on one character more of a text that is longer. */
const LONGEST_CELL = 32_767;

/** Adds to a cell's text; what is too long is cut and marked, so that it reaches no record. */
export const joinCell = (text: string, more: string): string => {
  if (text.length + more.length <= LONGEST_CELL) return text + more;
  return text.length > LONGEST_CELL ? text : `${(text + more).slice(0, LONGEST_CELL)}\ufffd`;
};

/** Many sheets may name one part, so their number is not bounded by the size of the archive. */
const MOST_WORKSHEETS = 256;

const nothing = () => {};
const handler = (given: Partial<XmlHandler>): XmlHandler => ({
  open: nothing,
  close: nothing,
  text: nothing,
  ...given,
});

/** Worksheets in the order of their tabs; hidden ones are delivered like the others. */
export async function readWorkbook(archive: ZipArchive, feed: string): Promise<Workbook> {
  const targets = new Map<string, string>();
  const relations = archive.open('xl/_rels/workbook.xml.rels');
  await readXml(
    relations,
    feed,
    handler({
      open(name, attributes) {
        if (name !== 'Relationship') return;
        const target = attribute(attributes, 'Target') ?? '';
        const part = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
        targets.set(attribute(attributes, 'Id') ?? '', part);
      },
    }),
  );
  const workbook: Workbook = { worksheets: [], startsIn1904: false };
  await readXml(
    archive.open('xl/workbook.xml'),
    feed,
    handler({
      open(name, attributes) {
        if (name === 'workbookPr') {
          const flag = attribute(attributes, 'date1904');
          workbook.startsIn1904 = flag === '1' || flag === 'true';
        }
        const part =
          name === 'sheet' ? targets.get(attribute(attributes, 'r:id') ?? '') : undefined;
        if (part === undefined || !archive.has(part)) return;
        if (workbook.worksheets.length >= MOST_WORKSHEETS) {
          throw new HubError('source.too-large', { feed });
        }
        workbook.worksheets.push({ name: attribute(attributes, 'name') ?? '', part });
      },
    }),
  );
  return workbook;
}

/** Strings that cells refer to by number. Readings of rare characters (`rPh`) are not part of them. */
export async function readSharedStrings(archive: ZipArchive, feed: string): Promise<string[]> {
  const strings: string[] = [];
  const part = 'xl/sharedStrings.xml';
  if (!archive.has(part)) return strings;
  let current = '';
  let isText = false;
  let isReading = false;
  let kept = 0;
  await readXml(archive.open(part), feed, {
    open(name) {
      if (name === 'si') current = '';
      if (name === 'rPh') isReading = true;
      isText = name === 't' && !isReading;
    },
    close(name) {
      isText = false;
      if (name === 'rPh') isReading = false;
      if (name !== 'si') return;
      kept += 2 * current.length + STRING_OVERHEAD;
      if (kept > MOST_STRING_BYTES) throw new HubError('source.too-large', { feed });
      strings.push(unescapeCell(current));
    },
    text(text) {
      if (isText) current = joinCell(current, text);
    },
  });
  return strings;
}

const ESCAPED_CHARACTER = /_x([0-9A-Fa-f]{4})_/g;

/** Workbooks write control characters as `_x000D_`, and `_x005F_` for the underscore itself. */
export const unescapeCell = (text: string): string =>
  text.includes('_x')
    ? text.replace(ESCAPED_CHARACTER, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : text;

/** Built-in formats that show a date; 27–36 and 50–58 are the East Asian ones. */
const isBuiltInDate = (format: number): boolean =>
  (format >= 14 && format <= 22) ||
  (format >= 27 && format <= 36) ||
  (format >= 45 && format <= 47) ||
  (format >= 50 && format <= 58);

/** Quoted words, colours and escaped characters say nothing about what a format shows. */
const SILENT = /"[^"]*"|\[[^\]]*\]|\\./g;
/** A format is short; brackets that never close would make the pattern search in vain, over and over. */
const LONGEST_FORMAT = 256;
const showsDate = (format: string): boolean =>
  format.length <= LONGEST_FORMAT && /[ymdhs]/i.test(format.replace(SILENT, ''));

/** For each cell style: whether its numbers are dates. */
export async function readDateStyles(archive: ZipArchive, feed: string): Promise<boolean[]> {
  const styles: boolean[] = [];
  const part = 'xl/styles.xml';
  if (!archive.has(part)) return styles;
  const dateFormats = new Set<number>();
  let isCellFormats = false;
  const chunks: Chunks = archive.open(part);
  await readXml(
    chunks,
    feed,
    handler({
      open(name, attributes) {
        if (name === 'cellXfs') isCellFormats = true;
        const format = Number(attribute(attributes, 'numFmtId') ?? 0);
        if (name === 'numFmt' && showsDate(attribute(attributes, 'formatCode') ?? '')) {
          dateFormats.add(format);
        }
        if (name === 'xf' && isCellFormats) {
          styles.push(isBuiltInDate(format) || dateFormats.has(format));
        }
      },
      close(name) {
        if (name === 'cellXfs') isCellFormats = false;
      },
    }),
  );
  return styles;
}
