/** Market entities, and the edges between them and the people one may see, in both directions. */
import { byResponseKey, type Transform } from '../../src/read/index.ts';
import { builder, words } from '../builder.ts';
import { deliveredBy } from '../feed/provenance.type.ts';
import {
  column,
  descending,
  type Fields,
  many,
  ofPerson,
  one,
  orNull,
  type RowRef,
} from '../fields.ts';
import { closedList } from '../inputs.ts';
import { Cadre, Relative } from '../person/person.type.ts';
import { registeredPerson } from '../person/relatives.ts';
import { addFields, rootRow, rowType } from '../row-types.ts';
import { facts, factsAbout } from '../sources.ts';
import { COMPANY_KIND, COMPANY_OFFICE, COMPANY_STATE } from './company.codes.ts';
import {
  company,
  companyChange,
  companyOfficer,
  companyShareholder,
  corporateShareholder,
} from './company.table.ts';

const grant = 'company.read';
const CompanyKind = closedList('CompanyKind', ['企业类型', 'Kind of company'], COMPANY_KIND);
const CompanyState = closedList('CompanyState', ['登记状态', 'State of a company'], COMPANY_STATE);
const Office = closedList('CompanyOffice', ['企业职务', 'Office in a company'], COMPANY_OFFICE);

const companies = factsAbout(company, company.companyId);
const ofCompany = { on: (p: string, t: string) => `${t}.company_id = ${p}.company_id` };

/** How an edge shows its ends; who holds it shows only to those who may see that person. */
const ends = (t: Fields) => ({
  companyName: column(t, companyOfficer.companyName, {
    ...{ grant, zh: '企业名称（登记时）', en: 'Name of the company as registered' },
  }),
  company: one(t, Company, {
    grant,
    zh: '企业',
    en: 'The company',
    source: companies,
    ...ofCompany,
  }),
  person: t.field({
    ...{ grant: 'family.read', zh: '本人', en: 'The person', type: Relative, nullable: true },
    resolve: byResponseKey,
    plan: { kind: 'row', rows: registeredPerson },
  }),
  delivered: deliveredBy(t, grant),
});

const offices = facts(companyOfficer);
export const CompanyOfficer: RowRef = rowType('CompanyOfficer', {
  ...{ zh: '企业任职', en: 'An office a person holds in a company' },
  source: offices,
  grant,
  fields: (t) => ({
    office: column(t, companyOfficer.office, { grant, zh: '职务', en: 'Office', type: Office }),
    startedOn: column(t, companyOfficer.startedOn, { grant, zh: '任职日期', en: 'Since' }),
    endedOn: column(t, companyOfficer.endedOn, { grant, zh: '卸任日期', en: 'Until' }),
    ...ends(t),
  }),
});

const shares = facts(companyShareholder);
export const CompanyShareholder: RowRef = rowType('CompanyShareholder', {
  ...{ zh: '自然人持股', en: 'Shares a person holds in a company' },
  source: shares,
  grant,
  fields: (t) => ({
    sharePercent: column(t, companyShareholder.sharePercent, {
      ...{ grant, zh: '持股比例（%）', en: 'Share in %' },
    }),
    subscribed: column(t, companyShareholder.subscribedFen, {
      ...{ grant, zh: '认缴出资（元）', en: 'Subscribed, in yuan' },
    }),
    heldFrom: column(t, companyShareholder.heldFrom, { grant, zh: '起始日期', en: 'Since' }),
    heldTo: column(t, companyShareholder.heldTo, { grant, zh: '终止日期', en: 'Until' }),
    ...ends(t),
  }),
});

const holders = factsAbout(corporateShareholder, corporateShareholder.companyId);
export const CorporateShareholder: RowRef = rowType('CorporateShareholder', {
  ...{ zh: '法人持股', en: 'Shares a company holds in another' },
  source: holders,
  grant,
  fields: (t) => ({
    holderName: column(t, corporateShareholder.holderName, { grant, zh: '股东', en: 'Holder' }),
    holderUscc: column(t, corporateShareholder.holderUscc, {
      ...{ grant, zh: '股东信用代码', en: 'Credit code of the holder' },
    }),
    sharePercent: column(t, corporateShareholder.sharePercent, {
      ...{ grant, zh: '持股比例（%）', en: 'Share in %' },
    }),
    subscribed: column(t, corporateShareholder.subscribedFen, {
      ...{ grant, zh: '认缴出资（元）', en: 'Subscribed, in yuan' },
    }),
    heldFrom: column(t, corporateShareholder.heldFrom, { grant, zh: '起始日期', en: 'Since' }),
    heldTo: column(t, corporateShareholder.heldTo, { grant, zh: '终止日期', en: 'Until' }),
    delivered: deliveredBy(t, grant),
  }),
});

const changes = factsAbout(companyChange, companyChange.companyId);
export const CompanyChange: RowRef = rowType('CompanyChange', {
  ...{ zh: '变更登记', en: 'A change in the register' },
  source: changes,
  grant,
  fields: (t) => ({
    item: column(t, companyChange.item, { grant, zh: '变更事项', en: 'What was changed' }),
    changedOn: column(t, companyChange.changedOn, { grant, zh: '变更日期', en: 'Changed on' }),
    before: column(t, companyChange.before, { grant, zh: '变更前', en: 'Before' }),
    after: column(t, companyChange.after, { grant, zh: '变更后', en: 'After' }),
    delivered: deliveredBy(t, grant),
  }),
});

export const Company: RowRef = rowType('Company', {
  ...{ zh: '市场主体', en: 'A company or other market entity, as registered' },
  source: companies,
  grant,
  fields: (t) => ({
    uscc: column(t, company.uscc, { grant, zh: '统一社会信用代码', en: 'Credit code (USCC)' }),
    name: column(t, company.name, { grant, zh: '名称', en: 'Name' }),
    kind: column(t, company.kind, { grant, zh: '类型', en: 'Kind', type: CompanyKind }),
    address: column(t, company.address, { grant, zh: '住所', en: 'Address' }),
    areaCode: column(t, company.areaCode, { grant, zh: '登记地行政区划', en: 'Area (GB/T 2260)' }),
    industryCode: column(t, company.industryCode, {
      ...{ grant, zh: '行业代码', en: 'Industry (GB/T 4754)' },
    }),
    scope: column(t, company.scope, { grant, zh: '经营范围', en: 'Scope of business' }),
    capital: column(t, company.capitalFen, { grant, zh: '注册资本（元）', en: 'Capital in yuan' }),
    foundedOn: column(t, company.foundedOn, { grant, zh: '成立日期', en: 'Founded on' }),
    state: column(t, company.state, { grant, zh: '登记状态', en: 'State', type: CompanyState }),
    endedOn: column(t, company.endedOn, { grant, zh: '注销或吊销日期', en: 'Ended on' }),
    officers: many(t, CompanyOfficer, {
      ...{ grant, zh: '主要人员（仅您可见的人）', en: 'Officers among those you may see' },
      ...{ source: offices, ...ofCompany, orderBy: [orNull(descending('started_on'))] },
    }),
    shareholders: many(t, CompanyShareholder, {
      ...{ grant, zh: '自然人股东（仅您可见的人）', en: 'Shareholders among those you may see' },
      ...{ source: shares, ...ofCompany, orderBy: [orNull(descending('share_percent'))] },
    }),
    corporateShareholders: many(t, CorporateShareholder, {
      ...{ grant, zh: '法人股东', en: 'Companies that hold shares', source: holders, ...ofCompany },
    }),
    changes: many(t, CompanyChange, {
      ...{ grant, zh: '变更登记，新的在前', en: 'Changes, newest first', source: changes },
      ...{ ...ofCompany, orderBy: [descending('changed_on')] },
    }),
    delivered: deliveredBy(t, grant),
  }),
});

/** Companies the person in the parent row has a part in, whatever the part. */
const tiedTo = (p: string, c: string) => `${c}.company_id in (
  select company_id from hub.company_officer where person_id = ${p}.person_id and known_to = 'infinity'
  union all
  select company_id from hub.company_shareholder where person_id = ${p}.person_id and known_to = 'infinity')`;

addFields([Cadre, Relative], (t) => ({
  companies: many(t, Company, {
    ...{ grant, zh: '任职或持股的企业', en: 'Companies with an office or a share of theirs' },
    ...{ source: companies, on: tiedTo, orderBy: [orNull(descending('founded_on'))] },
  }),
  companyOffices: many(t, CompanyOfficer, {
    ...{ grant, zh: '企业任职', en: 'Offices in companies', source: offices, ...ofPerson },
    orderBy: [orNull(descending('started_on'))],
  }),
  shareholdings: many(t, CompanyShareholder, {
    ...{ grant, zh: '持股', en: 'Shares held', source: shares, ...ofPerson },
    orderBy: [orNull(descending('share_percent'))],
  }),
}));

/** A code as registers write it: half width, no spaces, upper case. */
const asCode: Transform = (typed) =>
  typeof typed === 'string' ? typed.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase() : null;

builder.queryFields((t) => ({
  company: rootRow(t, {
    ...{
      grant,
      zh: '按统一社会信用代码取一个企业',
      en: 'A company by its credit code',
      type: Company,
    },
    args: {
      uscc: t.arg.string({
        ...{ required: true, description: words('统一社会信用代码', 'Credit code (USCC)') },
      }),
    },
    rows: (c, w) => ({
      from: `${companies.table} ${c}`,
      where: [...companies.where(c), `${c}.uscc = ${w.bind(['uscc'], asCode)}`],
      orderBy: `${c}.known_from desc, ${c}.id`,
      limit: '1',
    }),
  }),
}));
