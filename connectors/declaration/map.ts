/**
 * One declaration → itself and a record for every row of its sections. A row that cannot be read
 * sends the whole declaration to quarantine: half a declaration would read as "not declared".
 */
import type { FactRecord, MapKit, MapRow, RowResult, TypedRow } from '../kit/record.ts';
import { kinshipOf } from './kinship.ts';
import { readSection } from './section-reader.ts';
import { documentOf, holdingOf, propertyOf, type SectionRow, tripOf } from './sections.ts';

type Section = {
  /** Delivered name of the section, and of the fields its rows may have. */
  column: string;
  fields: readonly string[];
  kind: string;
  read: (row: SectionRow) => { identity: readonly unknown[]; body: FactRecord['body'] };
};

const SECTIONS: readonly Section[] = [
  {
    column: '房产',
    fields: [
      '产权人',
      '不动产单元号',
      '权证号',
      '地址',
      '性质',
      '建筑面积',
      '来源',
      '交易时间',
      '交易价格（万元）',
      '去向',
    ],
    kind: 'declared_property',
    read: propertyOf,
  },
  {
    column: '因私证件',
    fields: ['种类', '号码', '签发日期', '有效期至', '保管机构'],
    kind: 'declared_document',
    read: documentOf,
  },
  {
    column: '因私出国境',
    fields: ['出境日期', '入境日期', '国家或地区', '事由', '审批机构', '所用证件'],
    kind: 'declared_trip',
    read: tripOf,
  },
  {
    column: '投资与债权债务',
    fields: ['持有人', '类别', '名称', '金额（万元）', '是否市值'],
    kind: 'declared_holding',
    read: holdingOf,
  },
];

const mapDeclaration: MapRow = (row, kit): RowResult => {
  const declaration = row.record;
  const official = declaration?.person ?? null;
  if (declaration === null || official === null) return kit.reject('row.shape', null);
  return {
    records: [
      declaration,
      ...kinshipOf(row, official, kit),
      ...SECTIONS.flatMap((section) => recordsOf(section, row, declaration, kit)),
    ],
  };
};

/** Rows of one section; two rows of one identity (two parking spaces) are told apart by their place. */
function recordsOf(
  section: Section,
  row: TypedRow,
  { person }: FactRecord,
  kit: MapKit,
): FactRecord[] {
  const year = row.values.year ?? null;
  const seen = new Map<string, number>();
  return readSection(row, section.column, section.fields, kit).map((sectionRow) => {
    const { identity, body } = section.read(sectionRow);
    const parts = [person?.number, year, ...identity].map(kit.keyForm);
    const name = parts.join('\n');
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    const key = nth === 1 ? parts : [...parts, String(nth)];
    return { kind: section.kind, key, person, body: { year, ...body } };
  });
}

export default mapDeclaration;
