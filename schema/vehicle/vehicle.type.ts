/** Vehicles registered to one person. Not a declaration item: never “not declared”. */
import { deliveredBy } from '../feed/provenance.type.ts';
import { column, counted, descending, many, ofPerson, type RowRef } from '../fields.ts';
import { closedList } from '../inputs.ts';
import { Cadre, Relative } from '../person/person.type.ts';
import { ObtainedBy } from '../property/property.type.ts';
import { addFields, rowType } from '../row-types.ts';
import { facts } from '../sources.ts';
import { vehicle } from './vehicle.table.ts';

const VehicleKind = closedList('VehicleKind', ['车辆类型', 'Kind of vehicle'], {
  car: ['轿车', 'Car'],
  suv: ['越野车', 'SUV'],
  van: ['面包车', 'Van'],
  truck: ['货车', 'Truck'],
  motorcycle: ['摩托车', 'Motorcycle'],
  trailer: ['挂车', 'Trailer'],
  other: ['其他', 'Other'],
});
const VehicleState = closedList('VehicleState', ['车辆状态', 'State of a registration'], {
  normal: ['正常', 'Normal'],
  transferred: ['已转移', 'Transferred'],
  cancelled: ['已注销', 'Cancelled'],
  mortgaged: ['抵押', 'Mortgaged'],
});

const grant = 'asset.read';
const vehicles = facts(vehicle);

export const Vehicle: RowRef = rowType('Vehicle', {
  ...{ zh: '机动车登记', en: 'A vehicle registration' },
  source: vehicles,
  grant,
  fields: (t) => ({
    vin: column(t, vehicle.vin, { grant, zh: '车辆识别代号', en: 'VIN' }),
    plate: column(t, vehicle.plate, { grant, zh: '号牌', en: 'Plate' }),
    brand: column(t, vehicle.brand, { grant, zh: '品牌', en: 'Brand' }),
    kind: column(t, vehicle.kind, { grant, zh: '类型', en: 'Kind', type: VehicleKind }),
    obtainedBy: column(t, vehicle.obtainedBy, {
      ...{ grant, zh: '取得方式', en: 'Obtained by', type: ObtainedBy },
    }),
    registeredOn: column(t, vehicle.registeredOn, { grant, zh: '登记日期', en: 'Registered on' }),
    state: column(t, vehicle.state, { grant, zh: '状态', en: 'State', type: VehicleState }),
    endedOn: column(t, vehicle.endedOn, { grant, zh: '终止日期', en: 'Ended on' }),
    price: column(t, vehicle.priceFen, { grant, zh: '价格（元）', en: 'Price in yuan' }),
    loan: column(t, vehicle.loanFen, { grant, zh: '贷款（元）', en: 'Loan in yuan' }),
    soldFor: column(t, vehicle.soldForFen, { grant, zh: '售价（元）', en: 'Sold for, in yuan' }),
    delivered: deliveredBy(t, grant),
  }),
});

/** Vehicles of the person in the parent row, newest first. */
const ofOwner = {
  source: vehicles,
  ...ofPerson,
  orderBy: [descending('registered_on')],
};

addFields([Cadre, Relative], (t) => ({
  vehicles: many(t, Vehicle, { grant, zh: '车辆', en: 'Vehicles', ...ofOwner }),
  vehicleCount: counted(t, { grant, zh: '车辆数', en: 'Vehicles', ...ofOwner }),
}));
