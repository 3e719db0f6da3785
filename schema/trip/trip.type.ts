/** Travel documents, and trips paired from border crossings. */
import { deliveredBy } from '../feed/provenance.type.ts';
import { column, counted, descending, expression, many, ofPerson, type RowRef } from '../fields.ts';
import { closedList, filterInput, notAfter, notBefore, when } from '../inputs.ts';
import { Cadre, Relative } from '../person/person.type.ts';
import { addFields, rowType } from '../row-types.ts';
import { facts } from '../sources.ts';
import { DOCUMENT_KINDS } from './trip.codes.ts';
import { travelDocument, trip } from './trip.table.ts';

export const DocumentKind = closedList(
  'DocumentKind',
  ['出入境证件', 'Travel document'],
  DOCUMENT_KINDS,
);
const DocumentState = closedList('DocumentState', ['证件状态', 'State of a document'], {
  valid: ['有效', 'Valid'],
  cancelled: ['注销', 'Cancelled'],
  lost: ['遗失', 'Lost'],
  surrendered: ['已上交', 'Surrendered'],
});

const grant = 'travel.read';
const documents = facts(travelDocument);
const trips = facts(trip);

export const TravelDocument: RowRef = rowType('TravelDocument', {
  ...{ zh: '出入境证件', en: 'A travel document' },
  source: documents,
  grant,
  fields: (t) => ({
    kind: column(t, travelDocument.kind, { grant, zh: '种类', en: 'Kind', type: DocumentKind }),
    documentNo: column(t, travelDocument.documentNo, { grant, zh: '证件号', en: 'Number' }),
    issuedOn: column(t, travelDocument.issuedOn, { grant, zh: '签发日期', en: 'Issued on' }),
    expiresOn: column(t, travelDocument.expiresOn, { grant, zh: '有效期至', en: 'Expires on' }),
    state: column(t, travelDocument.state, { grant, zh: '状态', en: 'State', type: DocumentState }),
    endedOn: column(t, travelDocument.endedOn, { grant, zh: '终止日期', en: 'Ended on' }),
    delivered: deliveredBy(t, grant),
  }),
});

export const Trip: RowRef = rowType('Trip', {
  ...{ zh: '出入境行程', en: 'A trip: an exit and the entry that followed' },
  source: trips,
  grant,
  fields: (t) => ({
    documentNo: column(t, trip.documentNo, { grant, zh: '证件号', en: 'Document number' }),
    documentKind: column(t, trip.documentKind, {
      ...{ grant, zh: '证件种类', en: 'Document', type: DocumentKind },
    }),
    region: column(t, trip.region, { grant, zh: '国家（地区）代码', en: 'Country or region code' }),
    leftOn: column(t, trip.leftOn, { grant, zh: '出境日期', en: 'Left on' }),
    returnedOn: column(t, trip.returnedOn, { grant, zh: '入境日期', en: 'Returned on' }),
    days: expression(t, {
      ...{ grant, zh: '在外天数；缺一半时为空', en: 'Days away; null where a half is missing' },
      ...{ type: 'Int', nullable: true },
      sql: (row) => `case when ${row}.is_complete then ${row}.returned_on - ${row}.left_on + 1 end`,
    }),
    isPrivate: column(t, trip.isPrivate, { grant, zh: '因私', en: 'Private' }),
    isComplete: column(t, trip.isComplete, { grant, zh: '往返齐全', en: 'Both halves known' }),
    delivered: deliveredBy(t, grant),
  }),
});

const TripFilter = filterInput('TripFilter', ['行程筛选', 'Filter of trips'], {
  leftFrom: {
    ...{ grant, zh: '出境日期不早于', en: 'Left not before', type: 'Date' },
    where: notBefore('left_on'),
  },
  leftTo: {
    ...{ grant, zh: '出境日期不晚于', en: 'Left not after', type: 'Date' },
    where: notAfter('left_on'),
  },
  isPrivate: {
    ...{ grant, zh: '因私', en: 'Private', type: 'Boolean' },
    where: when((t) => `${t}.is_private`),
  },
});

/** Trips of the person in the parent row, newest first. */
const ofTraveller = {
  source: trips,
  ...ofPerson,
  orderBy: [{ sql: (t: string) => `coalesce(${t}.left_on, ${t}.returned_on)`, isDescending: true }],
};

addFields([Cadre, Relative], (t) => ({
  travelDocuments: many(t, TravelDocument, {
    ...{ grant, zh: '出入境证件', en: 'Travel documents' },
    source: documents,
    ...ofPerson,
    orderBy: [descending('issued_on')],
  }),
  trips: many(t, Trip, { grant, zh: '行程', en: 'Trips', filter: TripFilter, ...ofTraveller }),
  tripCount: counted(t, { grant, zh: '行程数', en: 'Trips', ...ofTraveller }),
}));
