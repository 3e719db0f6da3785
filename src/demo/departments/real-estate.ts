/** 不动产登记: rows of the signed interface, one per owner and unit. */
import { wan } from '../declare.ts';
import type { Home, Person } from '../model.ts';
import type { Department } from '../outlets/department.ts';
import { signedInterface } from '../outlets/page-outlet.ts';

const realEstate: Department = {
  feed: 'real-estate',
  way: signedInterface,
  dates: ['2025-06-30', '2025-12-31', '2026-03-31', '2026-06-30'],
  sheets: [
    {
      name: 'real-estate-titles',
      columns: [
        ['bdcdyh', 'text', 'required'],
        ['bdcqzh', 'text'],
        ['zl', 'text', 'required'],
        ['fwyt', 'code', 'required'],
        ['jzmj', 'number', 'required'],
        ['qlrmc', 'name', 'required'],
        ['qlrzjh', 'id', 'required'],
        ['gyqk', 'code', 'required'],
        ['qlbl', 'number', 'required'],
        ['hqfs', 'code', 'required'],
        ['djsj', 'date', 'required'],
        ['zxsj', 'date'],
        ['jyjg', 'money'],
        ['dyje', 'money'],
        ['zrjg', 'money'],
      ],
    },
  ],
  rows: (family, asOf) =>
    family.homes
      .filter(({ registeredOn }) => registeredOn <= asOf)
      .flatMap((home) =>
        home.owners.map(({ person, share }) => ({
          sheet: 0,
          cells: cellsOf(home, person, share, asOf),
        })),
      ),
};

function cellsOf(home: Home, owner: Person, share: string, asOf: string): string[] {
  const isGone = home.cancelledOn !== undefined && home.cancelledOn <= asOf;
  return [
    home.unitNo,
    home.certificateNo,
    home.address,
    home.use,
    home.areaM2,
    owner.name,
    owner.idNumber,
    home.ownership,
    share,
    home.obtainedBy,
    home.registeredOn,
    isGone ? (home.cancelledOn ?? '') : '',
    wan(home.price),
    wan(home.mortgage),
    isGone ? wan(home.soldFor) : '',
  ];
}

export default realEstate;
