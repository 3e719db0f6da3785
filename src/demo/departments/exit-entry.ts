/** 出入境: two tables of a front-end database, monthly at the end, half-yearly before. */
import type { TravelDocument, Trip } from '../model.ts';
import type { Department, SheetRow } from '../outlets/department.ts';
import { exchangeTables } from '../outlets/table-outlet.ts';

const exitEntry: Department = {
  feed: 'exit-entry',
  way: exchangeTables,
  dates: ['2025-06-30', '2025-12-31', '2026-05-31', '2026-06-30'],
  sheets: [
    {
      name: 'exchange_document',
      columns: [
        ['zjhm', 'text', 'required'],
        ['zjzl', 'code', 'required'],
        ['xm', 'name', 'required'],
        ['sfzh', 'id', 'required'],
        ['qfrq', 'date', 'required'],
        ['yxqz', 'date', 'required'],
        ['zjzt', 'code', 'required'],
        ['ztrq', 'date'],
      ],
    },
    {
      name: 'exchange_crossing',
      columns: [
        ['zjhm', 'text', 'required'],
        ['zjzl', 'code', 'required'],
        ['xm', 'name', 'required'],
        ['csrq', 'text'],
        ['crjfx', 'code', 'required'],
        ['crjsj', 'date', 'required'],
        ['crjka', 'text', 'required'],
        ['qwd', 'code'],
        ['jtgj', 'text'],
      ],
    },
  ],
  rows: (family, asOf) => [
    ...family.documents
      .filter(({ issuedOn }) => issuedOn <= asOf)
      .map((document) => ({ sheet: 0, cells: documentCells(document, asOf) })),
    ...family.trips.flatMap((trip) => crossings(trip, asOf)),
  ],
};

const KINDS: Record<string, string> = {
  passport: '普通护照',
  'hk-macau-permit': '往来港澳通行证',
  'taiwan-permit': '往来台湾通行证',
  'official-passport': '公务护照',
};

function documentCells(it: TravelDocument, asOf: string): string[] {
  const isEnded = it.endedOn !== undefined && it.endedOn <= asOf;
  const { idNumber, name } = it.person;
  return [
    it.documentNo,
    KINDS[it.kind] ?? '',
    name,
    idNumber,
    it.issuedOn,
    it.expiresOn,
    isEnded ? it.state : '有效',
    isEnded ? (it.endedOn ?? '') : '',
  ];
}

function crossings({ document, ...trip }: Trip, asOf: string): SheetRow[] {
  const half = (direction: string, date: string, time: string): SheetRow[] =>
    date > asOf
      ? []
      : [
          {
            sheet: 1,
            cells: [
              document.documentNo,
              KINDS[document.kind] ?? '',
              document.person.name,
              document.person.bornOn,
              direction,
              `${date} ${time}`,
              trip.port,
              trip.region,
              trip.transportNo,
            ],
          },
        ];
  return [...half('出境', trip.leftOn, '09:12:40'), ...half('入境', trip.returnedOn, '19:37:05')];
}

export default exitEntry;
