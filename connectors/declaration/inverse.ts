/** Facts about one official → the declarations that state them, one a year, each with its sections. */
import type { Inverse, NestedColumn, StatedFact, WriteKit } from '../kit/inverse.ts';
import { FAMILY, SECTIONS } from './sections.ts';

const SHEET = 'declarations';
const YEAR: NestedColumn = { field: 'year', type: 'year', required: true };

const nested = (
  facts: readonly StatedFact[],
  columns: Readonly<Record<string, NestedColumn>>,
  kit: WriteKit,
) =>
  facts.map(({ values }) =>
    Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [
        name,
        kit.cell(values[column.field], column),
      ]),
    ),
  );

const inverse: Inverse = {
  kinds: Object.fromEntries([
    [FAMILY.kind, FAMILY.columns],
    ...SECTIONS.map(({ kind, columns }) => [kind, { 报告年度: YEAR, ...columns }]),
  ]),
  rowsOf(facts, kit) {
    const declarations = facts.filter(({ kind }) => kind === 'declaration');
    const years = new Set(declarations.map(({ values }) => values.year));
    const homeless = facts.find(({ values }) => values.year && !years.has(values.year));
    if (homeless || (declarations.length === 0 && facts.length > 0)) {
      throw new TypeError(`no declaration states this ${homeless?.kind ?? FAMILY.kind}`);
    }
    const family = facts.filter(({ kind }) => kind === FAMILY.kind);
    return declarations.map(({ values }) => {
      const sections = SECTIONS.map(({ column, kind, columns }) => {
        const stated = facts.filter((f) => f.kind === kind && f.values.year === values.year);
        return [column, nested(stated, columns, kit)] as const;
      });
      const all = [[FAMILY.column, nested(family, FAMILY.columns, kit)] as const, ...sections];
      const nilSections = all.flatMap(([column, rows]) => (rows.length === 0 ? [column] : []));
      const cells = { ...kit.row(SHEET, values), 无此类情况: nilSections };
      return { sheet: SHEET, cells: { ...cells, ...Object.fromEntries(all) } };
    });
  },
};

export default inverse;
