/**
 * One declaration → itself and a record for every row of its sections. A row that cannot be read
 * sends the whole declaration to quarantine: half a declaration would read as "not declared".
 */
import type { FactRecord, MapKit, MapRow, RowResult, TypedRow } from '../kit/record.ts';
import { kinshipOf } from './kinship.ts';
import { readSection } from './section-reader.ts';
import { FAMILY, NIL_COLUMN, SECTIONS, type Section, SORTS } from './sections.ts';

const mapDeclaration: MapRow = (row, kit): RowResult => {
  const declaration = row.record;
  const official = declaration?.person ?? null;
  if (declaration === null || official === null) return kit.reject('row.shape', null);
  const records = [
    declaration,
    ...kinshipOf(row, official, kit),
    ...SECTIONS.flatMap((section) => recordsOf(section, row, declaration, kit)),
  ];
  refuseContradiction(row, kit);
  return { records };
};

/** A section said to be empty has no rows; neither has a kind of holding or document said to be none. */
function refuseContradiction({ raw, values }: TypedRow, kit: MapKit): void {
  const { nilSections } = values;
  const nil = new Set(Array.isArray(nilSections) ? nilSections.map(String) : []);
  const isNil = ({ column }: Pick<Section, 'column'>, row: unknown): boolean => {
    const word = (row as Readonly<Record<string, unknown>> | null)?.[SORTS[column] ?? ''];
    return nil.has(column) || (typeof word === 'string' && nil.has(word.trim()));
  };
  for (const section of nil.size === 0 ? [] : [FAMILY, ...SECTIONS]) {
    const rows = raw.cells[section.column];
    if (Array.isArray(rows) && rows.some((one) => isNil(section, one))) {
      kit.reject('row.contradicts', NIL_COLUMN);
    }
  }
}

/** Rows of one section; two rows of one identity (two parking spaces) are told apart by their place. */
function recordsOf(
  section: Section,
  row: TypedRow,
  { person }: FactRecord,
  kit: MapKit,
): FactRecord[] {
  const year = row.values.year ?? null;
  const seen = new Map<string, number>();
  return readSection(row, section, kit).map((body) => {
    const parts = [person?.number, year, ...section.identity(body)].map(kit.keyForm);
    const name = parts.join('\n');
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    const key = nth === 1 ? parts : [...parts, String(nth)];
    return { kind: section.kind, key, person, body: { year, ...body } };
  });
}

/** For the README: every list, column by column. */
export const sections = [FAMILY, ...SECTIONS];

export default mapDeclaration;
