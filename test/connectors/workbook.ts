/** Workbooks written part by part, so that a test can make ones that no library would write. */
import { type Part, zipOf } from './zip.ts';

export const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const REFERENCES = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const TYPES = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

const relationship = (id: string, kind: string, target: string) =>
  `<Relationship Id="${id}" Type="${TYPES}/${kind}" Target="${target}"/>`;

/** The usual relationships of a workbook with one worksheet part. */
export const RELATIONS = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${
  relationship('r1', 'worksheet', 'worksheets/sheet1.xml') +
  relationship('r2', 'sharedStrings', 'sharedStrings.xml') +
  relationship('r3', 'styles', 'styles.xml')
}</Relationships>`;

/** A workbook part whose tabs all show that worksheet. */
export const workbookPart = (...tabs: string[]): string =>
  `<workbook ${MAIN} ${REFERENCES}><sheets>${tabs
    .map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="r1"/>`)
    .join('')}</sheets></workbook>`;

export const worksheetPart = (rows: string): string =>
  `<worksheet ${MAIN}><sheetData>${rows}</sheetData></worksheet>`;

/** A workbook with these rows on its tabs; `parts` replaces or adds parts. */
export function workbookOf(
  rows: string,
  { tabs = ['审计'], parts = {} }: { tabs?: string[]; parts?: Record<string, Part> } = {},
): Buffer {
  return zipOf({
    'xl/workbook.xml': workbookPart(...tabs),
    'xl/_rels/workbook.xml.rels': RELATIONS,
    'xl/sharedStrings.xml': `<sst ${MAIN}/>`,
    'xl/styles.xml': `<styleSheet ${MAIN}/>`,
    'xl/worksheets/sheet1.xml': worksheetPart(rows),
    ...parts,
  });
}

/** A row of cells that hold their text themselves. */
export const inline = (...cells: string[]): string =>
  `<row>${cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`;
