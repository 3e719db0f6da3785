/**
 * 信访举报: CSV in UTF-8. The department fills the complainant's columns although the agreement does
 * not ask for them; every such cell carries a token that nobody may ever find outside this file.
 */
import { createHash } from 'node:crypto';
import { addDays } from '../calendar.ts';
import type { Official, Petition } from '../model.ts';
import type { Department } from '../outlets/department.ts';
import { csvFiles } from '../outlets/file-outlets.ts';

/** Stands in every cell about a complainant, and nowhere else. */
export const COMPLAINANT_TOKEN = 'JUBAOREN';

/** The last columns, which nobody agreed to. */
const COMPLAINANT_COLUMNS = 5;

const petition: Department = {
  feed: 'petition',
  way: csvFiles(),
  dates: ['2025-06-30', '2025-09-30', '2025-12-31', '2026-03-31', '2026-06-30'],
  sheets: [
    {
      name: 'petition',
      columns: [
        ['案件编号', 'text', 'required'],
        ['来源渠道', 'code', 'required'],
        ['是否署名', 'code', 'required'],
        ['被反映人', 'name', 'required'],
        ['被反映人身份证号', 'id', 'required'],
        ['被反映人单位代码', 'text'],
        ['收到日期', 'date', 'required'],
        ['受理日期', 'date'],
        ['办结期限', 'date'],
        ['问题类别', 'code', 'required'],
        ['具体程度', 'number'],
        ['重复件原编号', 'text'],
        ['处置方式', 'code'],
        ['结论', 'code'],
        ['办结日期', 'date'],
        ['举报人姓名', 'text'],
        ['举报人身份证号', 'text'],
        ['举报人电话', 'text'],
        ['举报人住址', 'text'],
        ['反映内容', 'text'],
      ],
    },
  ],
  complete: ([caseNo = '', ...agreed]) => [
    caseNo,
    ...agreed.slice(0, -COMPLAINANT_COLUMNS),
    ...complainantCells(caseNo),
  ],
  rows: (family, asOf) =>
    family.officials.flatMap((official) =>
      official.petitions
        .filter(({ receivedOn }) => receivedOn <= asOf)
        .map((it) => ({ sheet: 0, cells: cellsOf(official, it, asOf) })),
    ),
};

const CHANNELS = ['来信', '来访', '来电', '网络', '短信'] as const;

function cellsOf({ person, unit }: Official, it: Petition, asOf: string): string[] {
  const hash = createHash('sha256').update(it.caseNo).digest('hex');
  const chance = Number.parseInt(hash.slice(0, 4), 16);
  const acceptedOn = addDays(it.receivedOn, 9);
  const concludedOn = addDays(acceptedOn, 52);
  const isNamed = chance % 3 === 0;
  const until = (date: string) => (date <= asOf ? date : '');
  const isDone = concludedOn <= asOf;
  return [
    it.caseNo,
    CHANNELS[chance % 5] ?? '来信',
    isNamed ? '是' : '否',
    person.name,
    person.idNumber,
    unit.code,
    it.receivedOn,
    until(acceptedOn),
    addDays(acceptedOn, 60),
    it.category,
    String(chance % 6),
    it.duplicateOf ?? '',
    isDone ? '初步核实' : '',
    isDone ? (chance % 2 ? '查无实据' : '部分属实') : '',
    isDone ? concludedOn : '',
    ...complainantCells(it.caseNo),
  ];
}

/** What the department writes about the complainant of a case. */
function complainantCells(caseNo: string): string[] {
  const hash = createHash('sha256').update(caseNo).digest('hex');
  const token = `${COMPLAINANT_TOKEN}${hash.slice(4, 12)}`;
  return [
    `某群众${token}`,
    `${token}X`,
    `139${token}`,
    `临江县城关镇${token}号`,
    `反映有关问题，请保密（${token}）`,
  ];
}

export default petition;
