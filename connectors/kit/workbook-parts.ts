/** The parts of a workbook that its sheets refer to: names, shared strings, number formats. */
import { HubError } from '../../src/base/errors.ts';
import { attribute, type Relationship, reference, relationshipsOf } from './package-parts.ts';
import { readXml } from './xml-part.ts';
import type { ZipArchive } from './zip-archive.ts';

export type Worksheet = { name: string; part: string };
export type Workbook = {
  worksheets: Worksheet[];
  startsIn1904: boolean;
  sharedStrings: readonly string[];
  /** For each cell style: whether its numbers are dates. */
  dateStyles: readonly boolean[];
};

/** The vocabulary of spreadsheets, and the same in the strict form. */
export const SPREADSHEET = [
  'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
  'http://purl.oclc.org/ooxml/spreadsheetml/main',
];

/** Shared strings stay in memory while a workbook is read. */
const MOST_STRING_BYTES = 64 * 1024 * 1024;
const STRING_OVERHEAD = 48;
/** Excel's own limit. */
const LONGEST_CELL = 32_767;

/** Adds to a cell's text; what is too long is cut and marked, so that it reaches no record. */
export const joinCell = (text: string, more: string): string => {
  if (text.length + more.length <= LONGEST_CELL) return text + more;
  return text.length > LONGEST_CELL ? text : `${(text + more).slice(0, LONGEST_CELL)}\ufffd`;
};

/** Many sheets may name one part, so their number is not bounded by the size of the archive. */
const MOST_WORKSHEETS = 256;
const USUAL_PLACE = 'xl/workbook.xml';

/** Reads everything but the sheets themselves. */
export async function readWorkbook(archive: ZipArchive, feed: string): Promise<Workbook> {
  const roots = await relationshipsOf(archive, feed, '');
  const place = roots.find(({ kind }) => kind === 'officeDocument')?.part ?? USUAL_PLACE;
  const relationships = await relationshipsOf(archive, feed, place);
  const partOf = (wanted: string) => relationships.find(({ kind }) => kind === wanted)?.part;
  return {
    ...(await readSheetList(archive, feed, place, relationships)),
    sharedStrings: await readSharedStrings(archive, feed, partOf('sharedStrings')),
    dateStyles: await readDateStyles(archive, feed, partOf('styles')),
  };
}

/** Worksheets in the order of their tabs; hidden ones are delivered like the others. */
async function readSheetList(
  archive: ZipArchive,
  feed: string,
  place: string,
  relationships: readonly Relationship[],
): Promise<Pick<Workbook, 'worksheets' | 'startsIn1904'>> {
  const byId = new Map(relationships.map((it) => [it.id, it]));
  const list = { worksheets: [] as Worksheet[], startsIn1904: false };
  const options = { feed, root: 'workbook', vocabulary: SPREADSHEET };
  await readXml(archive.read(place), options, {
    open(name, attributes) {
      if (name === 'workbookPr') {
        list.startsIn1904 = ['1', 'true'].includes(attribute(attributes, 'date1904') ?? '');
      }
      if (name !== 'sheet') return;
      const found = byId.get(reference(attributes) ?? '');
      // A sheet of charts or dialogs has no rows; any other sheet must be there.
      if (found !== undefined && found.kind !== 'worksheet') return;
      if (found === undefined || !archive.has(found.part)) {
        throw new HubError('source.unreadable', { feed, reason: 'a worksheet is missing' });
      }
      if (list.worksheets.length >= MOST_WORKSHEETS) {
        throw new HubError('source.too-large', { feed });
      }
      list.worksheets.push({ name: attribute(attributes, 'name') ?? '', part: found.part });
    },
  });
  return list;
}

/** Strings that cells refer to by number. Readings of rare characters (`rPh`) are not part of them. */
async function readSharedStrings(
  archive: ZipArchive,
  feed: string,
  part: string | undefined,
): Promise<string[]> {
  const strings: string[] = [];
  if (part === undefined) return strings;
  let current = '';
  let isText = false;
  let isReading = false;
  let kept = 0;
  await readXml(
    archive.read(part),
    { feed, root: 'sst', vocabulary: SPREADSHEET },
    {
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
    },
  );
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

async function readDateStyles(
  archive: ZipArchive,
  feed: string,
  part: string | undefined,
): Promise<boolean[]> {
  const styles: boolean[] = [];
  if (part === undefined) return styles;
  const dateFormats = new Set<number>();
  let isCellFormats = false;
  const options = { feed, root: 'styleSheet', vocabulary: SPREADSHEET };
  await readXml(archive.read(part), options, {
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
  });
  return styles;
}
