/**
 * The sections of the form, each one list of nested rows: which column is which field of which fact,
 * for reading (map.ts) and for writing (inverse.ts). `identity` says which row it is within its year,
 * so that a corrected declaration corrects the row and does not add a second one.
 */
import type { NestedList } from '../kit/describe-nested.ts';
import type { NestedColumn } from '../kit/inverse.ts';
import type { JsonValue } from '../kit/record.ts';

export type Values = Readonly<Record<string, JsonValue>>;

export type Section = {
  /** Delivered name of the section. */
  column: string;
  kind: string;
  /** Delivered name of a nested column → the fact's field. A column not named here is refused. */
  columns: Readonly<Record<string, NestedColumn>>;
  notes?: NestedList['notes'];
  identity: (values: Values) => readonly (JsonValue | undefined)[];
};

/** 家庭成员; its identity is worked out in kinship.ts. */
export const FAMILY: Omit<Section, 'identity'> = {
  column: '家庭成员',
  kind: 'kinship',
  columns: {
    称谓: { field: 'relation', type: 'code', required: true, codes: 'relation' },
    姓名: { field: 'relativeName', type: 'name', required: true },
    身份证号: { field: 'relativeIdNumber', type: 'resident-id' },
    出生日期: { field: 'relativeBornOn', type: 'date' },
    共同生活: { field: 'isCoLiving', type: 'boolean', required: true },
    起: { field: 'validFrom', type: 'date' },
    止: { field: 'validTo', type: 'date', ahead: true },
  },
  notes: {
    身份证号: { zh: '没有则凭姓名在本家庭内区分', en: 'without it the name tells members apart' },
    起: { zh: '关系起始日；留空视为一直如此', en: 'since when; blank: as long as is known' },
    止: { zh: '关系终止日；留空表示至今', en: 'until when; blank: to this day' },
  },
};

export const SECTIONS: readonly Section[] = [
  {
    column: '房产',
    kind: 'declared_property',
    columns: {
      产权人: { field: 'ownerName', type: 'name', required: true },
      不动产单元号: { field: 'unitNo', type: 'real-estate-unit' },
      权证号: { field: 'certificateNo', type: 'text' },
      地址: { field: 'address', type: 'text', required: true },
      性质: { field: 'use', type: 'code', required: true, codes: 'use' },
      建筑面积: { field: 'areaM2', type: 'decimal' },
      来源: { field: 'obtainedBy', type: 'code', codes: 'obtainedBy' },
      // The deal date is often a month; the column reads either.
      交易时间: { field: 'boughtOn', type: 'date-or-month' },
      '交易价格（万元）': { field: 'priceFen', type: 'money-wan-yuan' },
      去向: { field: 'disposedBy', type: 'code', codes: 'disposedBy' },
    },
    notes: {
      '交易价格（万元）': {
        zh: '整套的价款，共有的也不拆分',
        en: 'of the whole home, also where it is co-owned',
      },
      去向: { zh: '仍持有的留空', en: 'blank while it is held' },
    },
    identity: ({ unitNo, certificateNo, address, use }) => [
      unitNo ?? certificateNo ?? address,
      use,
    ],
  },
  {
    column: '因私证件',
    kind: 'declared_document',
    columns: {
      种类: { field: 'kind', type: 'code', required: true, codes: 'documentKind' },
      号码: { field: 'documentNo', type: 'travel-document', required: true },
      签发日期: { field: 'issuedOn', type: 'date' },
      有效期至: { field: 'expiresOn', type: 'date', ahead: true },
      保管机构: { field: 'custodian', type: 'text' },
    },
    identity: ({ documentNo }) => [documentNo],
  },
  {
    column: '因私出国境',
    kind: 'declared_trip',
    columns: {
      出境日期: { field: 'leftOn', type: 'date', required: true },
      入境日期: { field: 'returnedOn', type: 'date' },
      国家或地区: { field: 'region', type: 'code', codes: 'region' },
      事由: { field: 'reason', type: 'text' },
      审批机构: { field: 'approvedBy', type: 'text' },
      所用证件: { field: 'documentNo', type: 'travel-document' },
    },
    notes: { 入境日期: { zh: '尚未返回的留空', en: 'blank while abroad' } },
    identity: ({ leftOn, region }) => [leftOn, region],
  },
  {
    column: '投资与债权债务',
    kind: 'declared_holding',
    columns: {
      持有人: { field: 'ownerName', type: 'name', required: true },
      类别: { field: 'kind', type: 'code', required: true, codes: 'holding' },
      名称: { field: 'name', type: 'text', required: true },
      '金额（万元）': { field: 'amountFen', type: 'money-wan-yuan', required: true },
      是否市值: { field: 'isMarketValue', type: 'boolean', required: true },
    },
    identity: ({ ownerName, kind, name }) => [ownerName, kind, name],
  },
];

/** The column in which sections and sorts are stated to be empty. */
export const NIL_COLUMN = '无此类情况';

/** Sections of which a sort alone may be stated to be empty (股票、基金), and the column that says it. */
export const SORTS: Readonly<Record<string, string>> = { 因私证件: '种类', 投资与债权债务: '类别' };
