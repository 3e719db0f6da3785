/** 干部名册: workbooks with the sheets 单位, 干部, 任职. */
import type { Family } from '../model.ts';
import type { Department, SheetRow } from '../outlets/department.ts';
import { workbooks } from '../outlets/workbook-outlet.ts';
import type { Unit } from '../units.ts';

const unitCells = (unit: Unit): string[] => [
  unit.code,
  unit.name,
  unit.parentCode,
  unit.kind,
  String(unit.size * 4),
  unit.isKeyUnit ? '是' : '否',
];

const levelName: Record<string, string> = {
  '131': '县处级正职',
  '132': '县处级副职',
  '141': '乡科级正职',
  '142': '乡科级副职',
  '150': '科员级',
};

const roster: Department = {
  feed: 'roster',
  way: workbooks,
  dates: ['2025-06-30', '2025-12-31', '2026-06-30'],
  sheets: [
    {
      name: '单位',
      columns: [
        ['单位信用代码', 'text', 'required'],
        ['单位名称', 'text', 'required'],
        ['上级单位代码', 'text'],
        ['单位类别', 'code', 'required'],
        ['在编人数', 'number'],
        ['三集中单位', 'code', 'required'],
      ],
    },
    {
      name: '干部',
      columns: [
        ['姓名', 'name', 'required'],
        ['身份证号', 'id', 'required'],
        ['性别', 'code'],
        ['出生日期', 'date'],
        ['职务层次', 'code', 'required'],
        ['单位信用代码', 'text', 'required'],
        ['现任职务', 'text'],
        ['任职状态', 'code', 'required'],
        ['参加工作时间', 'text'],
        ['管理权限', 'code', 'required'],
        ['民族', 'text'],
        ['籍贯', 'text'],
      ],
    },
    {
      name: '任职',
      columns: [
        ['姓名', 'name', 'required'],
        ['身份证号', 'id', 'required'],
        ['单位信用代码', 'text', 'required'],
        ['职务名称', 'text', 'required'],
        ['职责编码', 'text', 'required'],
        ['职务层次', 'code'],
        ['党政领导成员', 'code', 'required'],
        ['经济责任审计对象', 'code', 'required'],
        ['岗位风险等级', 'code'],
        ['任职日期', 'date', 'required'],
        ['免职日期', 'date'],
        ['交流豁免文号', 'text'],
      ],
    },
  ],
  firstRows: ({ units }) => units.map((unit) => ({ sheet: 0, cells: unitCells(unit) })),
  sentAgain: [['roster_2025-06-30.xlsx', 'roster_2026-01-15.xlsx']],
  rows: (family, asOf) => [...officialRows(family, asOf), ...postRows(family, asOf)],
};

function officialRows(family: Family, asOf: string): SheetRow[] {
  return family.officials.map((official) => {
    const { person, unit, posts, level } = official;
    const now = posts.findLast(({ startedOn }) => startedOn <= asOf);
    const isRetired = official.employment === '退休' && (now?.endedOn ?? '9') <= asOf;
    const cells = [
      person.name,
      person.idNumber,
      person.sex === 'male' ? '男' : '女',
      person.bornOn,
      levelName[level] ?? '',
      unit.code,
      now?.title ?? '',
      isRetired ? '退休' : '在职',
      official.workStartedOn.slice(0, 7),
      official.authority,
      '汉族',
      '临江县',
    ];
    return { sheet: 1, cells };
  });
}

const postRows = (family: Family, asOf: string): SheetRow[] =>
  family.officials.flatMap(({ person, posts }) =>
    posts
      .filter(({ startedOn }) => startedOn <= asOf)
      .map((post) => ({
        sheet: 2,
        cells: [
          person.name,
          person.idNumber,
          post.unit.code,
          post.title,
          post.dutyCode,
          levelName[post.level] ?? '',
          post.isLeadingMember ? '是' : '否',
          post.isAuditSubject ? '是' : '否',
          post.riskGrade,
          post.startedOn,
          post.endedOn !== undefined && post.endedOn <= asOf ? post.endedOn : '',
          post.rotationExemption ?? '',
        ],
      })),
  );

export default roster;
