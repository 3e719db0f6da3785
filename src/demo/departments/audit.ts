/** 经济责任审计: workbooks with the sheets 审计项目, 审计问题. */
import { addDays } from '../calendar.ts';
import { wan } from '../declare.ts';
import type { Audit, Official } from '../model.ts';
import type { Department, SheetRow } from '../outlets/department.ts';
import { workbooks } from '../outlets/workbook-outlet.ts';

const REPORT = [
  ['单位信用代码', 'text', 'required'],
  ['审计期间起', 'date', 'required'],
  ['审计期间止', 'date', 'required'],
  ['审计类型', 'code', 'required'],
  ['报告日期', 'date', 'required'],
] as const;

const audit: Department = {
  feed: 'audit',
  way: workbooks,
  dates: ['2025-06-30', '2025-12-31', '2026-06-30'],
  sheets: [
    {
      name: '审计项目',
      columns: [
        ['报告文号', 'text', 'required'],
        ['被审计人', 'name', 'required'],
        ['身份证号', 'id', 'required'],
        ...REPORT,
      ],
    },
    {
      name: '审计问题',
      columns: [
        ['报告文号', 'text', 'required'],
        ['问题编号', 'text', 'required'],
        ['被审计人', 'name', 'required'],
        ['身份证号', 'id', 'required'],
        ...REPORT,
        ['问题类别', 'text', 'required'],
        ['问题描述', 'text', 'required'],
        ['金额（万元）', 'money'],
        ['责任类型', 'code'],
        ['整改期限', 'date'],
        ['整改状态', 'code'],
      ],
    },
  ],
  rows: (family, asOf) =>
    family.officials.flatMap((official) =>
      official.audits
        .filter(({ reportedOn }) => reportedOn <= asOf)
        .flatMap((report) => rowsOf(official, report, asOf)),
    ),
};

function rowsOf({ person }: Official, report: Audit, asOf: string): SheetRow[] {
  const { unit, periodFrom, periodTo, kind, reportedOn, reportNo } = report;
  const common = [unit.code, periodFrom, periodTo, kind, reportedOn];
  const who = [person.name, person.idNumber];
  return [
    { sheet: 0, cells: [reportNo, ...who, ...common] },
    ...report.findings.map((finding) => {
      const { no, category, text, amount, dueOn } = finding;
      const isDone = addDays(dueOn, -5) <= asOf;
      const rest = [category, text, wan(amount), '领导责任', dueOn, isDone ? '已整改' : '整改中'];
      return { sheet: 1, cells: [reportNo, no, ...who, ...common, ...rest] };
    }),
  ];
}

export default audit;
