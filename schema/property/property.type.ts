/** Homes and other real estate of one owner. */
import { deliveredBy } from '../feed/provenance.type.ts';
import {
  column,
  counted,
  descending,
  expression,
  many,
  ofPerson,
  type RowRef,
  visibleRows,
} from '../fields.ts';
import { closedList, filterInput, isOneOf, notAfter, notBefore, when } from '../inputs.ts';
import { Cadre, Relative } from '../person/person.type.ts';
import { addFields, rowType } from '../row-types.ts';
import { facts } from '../sources.ts';
import { OBTAINED_BY } from './property.codes.ts';
import { property } from './property.table.ts';

const homes = facts(property);

export const PropertyUse = closedList('PropertyUse', ['房屋用途', 'Use of a property'], {
  residential: ['住宅', 'Residential'],
  parking: ['车位', 'Parking'],
  storage: ['储藏间', 'Storage'],
  commercial: ['商铺', 'Commercial'],
  office: ['办公', 'Office'],
  other: ['其他', 'Other'],
});
export const ObtainedBy = closedList(
  'ObtainedBy',
  ['取得方式', 'How something was obtained'],
  OBTAINED_BY,
);
const Ownership = closedList('Ownership', ['共有方式', 'Form of ownership'], {
  sole: ['单独所有', 'Sole'],
  joint: ['共同共有', 'Joint'],
  shares: ['按份共有', 'By shares'],
});

const grant = 'asset.read';

export const Home: RowRef = rowType('Home', {
  ...{ zh: '不动产登记', en: 'A real-estate title of one owner' },
  source: homes,
  grant,
  fields: (t) => ({
    unitNo: column(t, property.unitNo, { grant, zh: '不动产单元号', en: 'Unit number' }),
    certificateNo: column(t, property.certificateNo, { grant, zh: '证号', en: 'Certificate' }),
    address: column(t, property.address, { grant, zh: '坐落', en: 'Address' }),
    use: column(t, property.use, { grant, zh: '用途', en: 'Use', type: PropertyUse }),
    areaM2: column(t, property.areaM2, { grant, zh: '面积（平方米）', en: 'Area in m²' }),
    ownership: column(t, property.ownership, {
      ...{ grant, zh: '共有方式', en: 'Ownership', type: Ownership },
    }),
    sharePercent: column(t, property.sharePercent, { grant, zh: '份额（%）', en: 'Share in %' }),
    obtainedBy: column(t, property.obtainedBy, {
      ...{ grant, zh: '取得方式', en: 'Obtained by', type: ObtainedBy },
    }),
    registeredOn: column(t, property.registeredOn, { grant, zh: '登记日期', en: 'Registered on' }),
    cancelledOn: column(t, property.cancelledOn, { grant, zh: '注销日期', en: 'Cancelled on' }),
    price: column(t, property.priceFen, { grant, zh: '价格（元）', en: 'Price in yuan' }),
    mortgage: column(t, property.mortgageFen, { grant, zh: '抵押（元）', en: 'Mortgage in yuan' }),
    soldFor: column(t, property.soldForFen, { grant, zh: '售价（元）', en: 'Sold for, in yuan' }),
    delivered: deliveredBy(t, grant),
  }),
});

const HomeFilter = filterInput('HomeFilter', ['房产筛选', 'Filter of homes'], {
  use: { grant, zh: '用途', en: 'Use', type: PropertyUse, isList: true, where: isOneOf('use') },
  isCurrent: {
    ...{ grant, zh: '现仍持有', en: 'Still held', type: 'Boolean' },
    where: when((t) => `${t}.cancelled_on is null`),
  },
  registeredFrom: {
    ...{ grant, zh: '登记日期不早于', en: 'Registered not before', type: 'Date' },
    where: notBefore('registered_on'),
  },
  registeredTo: {
    ...{ grant, zh: '登记日期不晚于', en: 'Registered not after', type: 'Date' },
    where: notAfter('registered_on'),
  },
});

/** Homes of the person in the parent row, newest first. */
const ofOwner = {
  source: homes,
  ...ofPerson,
  orderBy: [descending('registered_on')],
};

addFields([Cadre, Relative], (t) => ({
  homes: many(t, Home, { grant, zh: '房产', en: 'Homes', filter: HomeFilter, ...ofOwner }),
  propertyCount: counted(t, { grant, zh: '不动产登记数', en: 'Titles of any use', ...ofOwner }),
  homeCount: expression(t, {
    ...{ grant, zh: '现有住宅套数：同一不动产单元计一套，不含车位等和已注销的', type: 'Int' },
    en: 'Dwellings held today: a unit counts once; no parking, nothing cancelled',
    sql: (owner, w) => {
      const home = w.alias();
      const where = [
        ...visibleRows(ofOwner, owner, home, w),
        `${home}.use = 'residential'`,
        `coalesce(${home}.cancelled_on > ${w.today}, true)`,
      ];
      return `(select count(distinct ${home}.unit_no)::int from ${homes.table} ${home}
        where ${where.join(' and ')})`;
    },
  }),
}));
