/** 个人有关事项报告: NDJSON, one declaration per line, each spring for the year before. */
import { DECLARED_YEARS, declare } from '../declare.ts';
import type { Department } from '../outlets/department.ts';
import { objectFiles } from '../outlets/file-outlets.ts';

const declaration: Department = {
  feed: 'declaration',
  way: objectFiles,
  isNested: true,
  dates: ['2025-06-30', '2026-02-28', '2026-06-30'],
  // One cell: the whole declaration as JSON.
  sheets: [{ name: 'declaration', columns: [['declaration', 'text', 'required']] }],
  rows: (family, asOf) =>
    family.officials.flatMap((official) =>
      DECLARED_YEARS.filter((year) => `${year + 1}-01-31` <= asOf).map((year) => ({
        sheet: 0,
        cells: [JSON.stringify(declare(family, official, year))],
      })),
    ),
};

export default declaration;
