/** 机动车登记: CSV in UTF-8 with a byte order mark, twice a year. */
import type { Vehicle } from '../model.ts';
import type { Department } from '../outlets/department.ts';
import { csvFiles } from '../outlets/file-outlets.ts';

const vehicle: Department = {
  feed: 'vehicle',
  way: csvFiles(undefined, { mark: '\ufeff' }),
  dates: ['2025-06-30', '2025-12-31', '2026-06-30'],
  sheets: [
    {
      name: 'vehicle',
      columns: [
        ['号牌号码', 'text', 'required'],
        ['车辆识别代号', 'text', 'required'],
        ['车辆品牌', 'text', 'required'],
        ['车辆类型', 'code', 'required'],
        ['所有人', 'name', 'required'],
        ['身份证明号码', 'id', 'required'],
        ['取得方式', 'code', 'required'],
        ['初次登记日期', 'date', 'required'],
        ['机动车状态', 'code', 'required'],
        ['状态变更日期', 'date'],
        ['购车发票价（元）', 'money'],
        ['贷款金额（元）', 'money'],
        ['转让价（元）', 'money'],
        ['车身颜色', 'text'],
      ],
    },
  ],
  sentAgain: [['vehicle_2025-06-30.csv', 'vehicle_2025-12-31_2.csv']],
  rows: (family, asOf) =>
    family.vehicles
      .filter(({ registeredOn }) => registeredOn <= asOf)
      .map((it) => ({ sheet: 0, cells: cellsOf(it, asOf) })),
};

const yuan = (value: number | undefined): string => (value ? value.toFixed(2) : '');

function cellsOf(it: Vehicle, asOf: string): string[] {
  const isGone = it.endedOn !== undefined && it.endedOn <= asOf;
  return [
    it.plate,
    it.vin,
    it.brand,
    it.kind,
    it.owner.name,
    it.owner.idNumber,
    it.obtainedBy,
    it.registeredOn,
    isGone ? '转移登记' : '正常',
    isGone ? (it.endedOn ?? '') : '',
    yuan(it.price),
    yuan(it.loan),
    isGone ? yuan(it.soldFor) : '',
    '白',
  ];
}

export default vehicle;
