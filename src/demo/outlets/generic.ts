/**
 * The department of a feed that has no file of its own: it delivers what its manifest agrees to, the
 * rows of planted cases and, where the feed says what is ordinary, such a row about one official in
 * five. CSV for one sheet, a workbook for several.
 */
import type { Connector } from '../../../connectors/kit/index.ts';
import type { Column } from '../../../connectors/kit/manifest.ts';
import {
  departmentRows,
  type FactKind,
  type FactKinds,
  factsOf,
  type Told,
} from '../../cases/index.ts';
import type { RuleCase } from '../../rules/kit/cases.ts';
import type { Family } from '../model.ts';
import { DEFAULT_OPTIONS } from '../options.ts';
import { castOfFamily } from '../planted/cast.ts';
import { shownBy } from '../planted/rows.ts';
import type { CellKind, Department, SheetPlan } from './department.ts';
import { csvFiles, objectFiles } from './file-outlets.ts';
import { workbooks } from './workbook-outlet.ts';

const DATES = ['2025-06-30', '2025-12-31', '2026-06-30'] as const;
const ONE_IN = 5;

const KINDS: Readonly<Partial<Record<Column['type'], CellKind>>> = {
  name: 'name',
  'resident-id': 'id',
  date: 'date',
  code: 'code',
  boolean: 'code',
  'money-yuan': 'money',
  'money-wan-yuan': 'money',
  year: 'number',
  integer: 'number',
};

const planOf = ({ manifest }: Connector): SheetPlan[] =>
  Object.values(manifest.sheets).map(({ source, titleRows, columns }) => ({
    name: source,
    titleRows,
    columns: Object.entries(columns).map(([name, { type, required }]) => {
      const kind = KINDS[type] ?? 'text';
      return required ? [name, kind, 'required'] : [name, kind];
    }),
  }));

const says = ({ ordinary }: FactKind): boolean =>
  !ordinary.isRemarkable && Object.keys(ordinary.row).length > 0;

export function genericDepartment(feed: Connector, kinds: FactKinds): Department {
  const own = [...kinds.values()].filter((kind) => kind.feed.id === feed.id);
  const ordinary = own.filter(says);
  const hasObjects = own.some(({ inverse }) => inverse);
  const plan = planOf(feed);
  const nested: SheetPlan[] = plan.map(({ name }) => ({
    name,
    columns: [['row', 'text', 'required']],
  }));
  const given: RuleCase = {
    name: 'ordinary',
    subject: 'person',
    others: [],
    without: [...kinds.keys()],
    facts: ordinary.map(({ kind }) => ({ [kind]: {} })),
  };
  const told: Told = { ruleId: feed.id, reads: 'everything', given };
  const department: Department = {
    feed: feed.id,
    sheets: hasObjects ? nested : plan,
    dates: DATES,
    way: hasObjects ? objectFiles : plan.length > 1 ? workbooks : csvFiles(),
    isNested: hasObjects,
    rows(family: Family, asOf) {
      if (family.index % ONE_IN !== 0 || ordinary.length === 0) return [];
      const made = factsOf(kinds, told, castOfFamily(family)).filter(({ kind }) =>
        ordinary.some((own) => own.kind === kind),
      );
      const rows = departmentRows(kinds, made, DEFAULT_OPTIONS.until);
      return shownBy(department, rows, asOf, kinds);
    },
  };
  return department;
}
