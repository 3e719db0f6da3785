/** What the official declared, year by year, section by section. */
import { deliveredBy } from '../feed/provenance.type.ts';
import {
  ascending,
  column,
  descending,
  many,
  ofPerson,
  orNull,
  type RowRef,
  texts,
} from '../fields.ts';
import { closedList } from '../inputs.ts';
import { Cadre } from '../person/person.type.ts';
import { PropertyUse } from '../property/property.type.ts';
import { addFields, rowType } from '../row-types.ts';
import { facts } from '../sources.ts';
import { DocumentKind } from '../trip/trip.type.ts';
import {
  declaration,
  declaredDocument,
  declaredHolding,
  declaredProperty,
  declaredTrip,
} from './declaration.table.ts';
import { Disposal, grant, HoldingKind } from './declaration-lists.ts';

const DeclarationKind = closedList('DeclarationKind', ['报告类型', 'Kind of declaration'], {
  annual: ['年度集中报告', 'Annual'],
  change: ['变化即时报告', 'On a change'],
  first: ['初次报告', 'First'],
});

const holdings = facts(declaredHolding);
const properties = facts(declaredProperty);
const documents = facts(declaredDocument);
const trips = facts(declaredTrip);
const declarations = facts(declaration);

export const DeclaredProperty: RowRef = rowType('DeclaredProperty', {
  ...{ zh: '报告的房产', en: 'A property as declared' },
  source: properties,
  grant,
  fields: (t) => ({
    year: column(t, declaredProperty.year, { grant, zh: '报告年度', en: 'Year' }),
    ownerName: column(t, declaredProperty.ownerName, { grant, zh: '产权人', en: 'Owner' }),
    unitNo: column(t, declaredProperty.unitNo, { grant, zh: '不动产单元号', en: 'Unit number' }),
    certificateNo: column(t, declaredProperty.certificateNo, {
      grant,
      zh: '证号',
      en: 'Certificate',
    }),
    address: column(t, declaredProperty.address, { grant, zh: '坐落', en: 'Address' }),
    use: column(t, declaredProperty.use, { grant, zh: '用途', en: 'Use', type: PropertyUse }),
    areaM2: column(t, declaredProperty.areaM2, { grant, zh: '面积（平方米）', en: 'Area in m²' }),
    obtainedBy: column(t, declaredProperty.obtainedBy, { grant, zh: '来源', en: 'Obtained by' }),
    boughtOn: column(t, declaredProperty.boughtOn, { grant, zh: '购买日期', en: 'Bought on' }),
    price: column(t, declaredProperty.priceFen, { grant, zh: '价格（元）', en: 'Price in yuan' }),
    disposedBy: column(t, declaredProperty.disposedBy, {
      ...{ grant, zh: '处置方式', en: 'How disposed of', type: Disposal },
    }),
    delivered: deliveredBy(t, grant),
  }),
});

export const DeclaredDocument: RowRef = rowType('DeclaredDocument', {
  ...{ zh: '报告的证件', en: 'A travel document as declared' },
  source: documents,
  grant,
  fields: (t) => ({
    year: column(t, declaredDocument.year, { grant, zh: '报告年度', en: 'Year' }),
    kind: column(t, declaredDocument.kind, { grant, zh: '种类', en: 'Kind', type: DocumentKind }),
    documentNo: column(t, declaredDocument.documentNo, { grant, zh: '证件号', en: 'Number' }),
    issuedOn: column(t, declaredDocument.issuedOn, { grant, zh: '签发日期', en: 'Issued on' }),
    expiresOn: column(t, declaredDocument.expiresOn, { grant, zh: '有效期至', en: 'Expires on' }),
    custodian: column(t, declaredDocument.custodian, { grant, zh: '保管机构', en: 'Kept by' }),
    delivered: deliveredBy(t, grant),
  }),
});

export const DeclaredTrip: RowRef = rowType('DeclaredTrip', {
  ...{ zh: '报告的因私出国（境）', en: 'A private trip as declared' },
  source: trips,
  grant,
  fields: (t) => ({
    year: column(t, declaredTrip.year, { grant, zh: '报告年度', en: 'Year' }),
    leftOn: column(t, declaredTrip.leftOn, { grant, zh: '出境日期', en: 'Left on' }),
    returnedOn: column(t, declaredTrip.returnedOn, { grant, zh: '入境日期', en: 'Returned on' }),
    region: column(t, declaredTrip.region, { grant, zh: '国家（地区）', en: 'Country or region' }),
    reason: column(t, declaredTrip.reason, { grant, zh: '事由', en: 'Reason' }),
    approvedBy: column(t, declaredTrip.approvedBy, { grant, zh: '审批机构', en: 'Approved by' }),
    documentNo: column(t, declaredTrip.documentNo, { grant, zh: '所用证件', en: 'Document used' }),
    delivered: deliveredBy(t, grant),
  }),
});

export const DeclaredHolding: RowRef = rowType('DeclaredHolding', {
  ...{ zh: '报告的投资与债权债务', en: 'A holding or loan as declared' },
  source: holdings,
  grant,
  fields: (t) => ({
    year: column(t, declaredHolding.year, { grant, zh: '报告年度', en: 'Year' }),
    ownerName: column(t, declaredHolding.ownerName, { grant, zh: '持有人', en: 'Owner' }),
    kind: column(t, declaredHolding.kind, { grant, zh: '种类', en: 'Kind', type: HoldingKind }),
    name: column(t, declaredHolding.name, { grant, zh: '名称', en: 'Name' }),
    amount: column(t, declaredHolding.amountFen, { grant, zh: '金额（元）', en: 'Amount in yuan' }),
    isMarketValue: column(t, declaredHolding.isMarketValue, {
      ...{ grant, zh: '金额为市值', en: 'The amount is a market value' },
    }),
    delivered: deliveredBy(t, grant),
  }),
});

const ofYear = {
  on: (p: string, t: string) => `${ofPerson.on(p, t)} and ${t}.year = ${p}.year`,
  isOfParent: true,
};

export const Declaration: RowRef = rowType('Declaration', {
  ...{ zh: '个人有关事项报告', en: 'A declaration of personal matters' },
  source: declarations,
  grant,
  fields: (t) => ({
    year: column(t, declaration.year, { grant, zh: '报告年度', en: 'Year reported on' }),
    kind: column(t, declaration.kind, { grant, zh: '类型', en: 'Kind', type: DeclarationKind }),
    signedOn: column(t, declaration.signedOn, { grant, zh: '签署日期', en: 'Signed on' }),
    nilSections: texts(t, declaration.nilSections, {
      ...{ grant, zh: '填“无”的部分', en: 'Sections stated as nothing to report' },
    }),
    maritalState: column(t, declaration.maritalState, {
      grant,
      zh: '婚姻状况',
      en: 'Marital state',
    }),
    wages: column(t, declaration.wagesFen, { grant, zh: '报告的工资（元）', en: 'Wages declared' }),
    fees: column(t, declaration.feesFen, {
      grant,
      zh: '报告的劳务所得（元）',
      en: 'Fees declared',
    }),
    properties: many(t, DeclaredProperty, {
      ...{ grant, zh: '报告的房产', en: 'Properties declared', source: properties, ...ofYear },
    }),
    documents: many(t, DeclaredDocument, {
      ...{ grant, zh: '报告的证件', en: 'Documents declared', source: documents, ...ofYear },
    }),
    trips: many(t, DeclaredTrip, {
      ...{ grant, zh: '报告的因私出国（境）', en: 'Trips declared', source: trips, ...ofYear },
      orderBy: [ascending('left_on')],
    }),
    holdings: many(t, DeclaredHolding, {
      ...{ grant, zh: '报告的投资与债权债务', en: 'Holdings declared', source: holdings },
      ...ofYear,
      orderBy: [ascending('kind'), descending('amount_fen')],
    }),
    delivered: deliveredBy(t, grant),
  }),
});

addFields([Cadre], (t) => ({
  declarations: many(t, Declaration, {
    ...{ grant, zh: '个人有关事项报告', en: 'Declarations, newest first', source: declarations },
    ...ofPerson,
    orderBy: [descending('year'), orNull(descending('signed_on'))],
  }),
}));
