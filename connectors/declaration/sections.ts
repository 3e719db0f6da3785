/**
 * How a row of each section of the form is read. `identity` says which row it is within its year, so
 * that a corrected declaration corrects the row and does not add a second one.
 */
import type { FactRecord, JsonValue } from '../kit/record.ts';
import type { SectionRow } from './section-reader.ts';

export type { SectionRow };

type Statement = { identity: readonly JsonValue[]; body: FactRecord['body'] };

const required = { required: true };

/** 房产. The deal date is often a month; the column reads either. */
export function propertyOf(row: SectionRow): Statement {
  const unitNo = row.read('不动产单元号', 'real-estate-unit');
  const certificateNo = row.read('权证号', 'text');
  const address = row.read('地址', 'text', required);
  const use = row.read('性质', 'code', { required: true, codes: 'use' });
  return {
    identity: [unitNo ?? certificateNo ?? address, use],
    body: {
      ownerName: row.read('产权人', 'name', required),
      unitNo,
      certificateNo,
      address,
      use,
      areaM2: row.read('建筑面积', 'decimal'),
      obtainedBy: row.read('来源', 'code', { codes: 'obtainedBy' }),
      boughtOn: row.read('交易时间', 'date-or-month'),
      priceFen: row.read('交易价格（万元）', 'money-wan-yuan'),
      disposedBy: row.read('去向', 'code', { codes: 'disposedBy' }),
    },
  };
}

/** 因私证件: passports and permits held for private travel. */
export function documentOf(row: SectionRow): Statement {
  const documentNo = row.read('号码', 'travel-document', required);
  return {
    identity: [documentNo],
    body: {
      kind: row.read('种类', 'code', { required: true, codes: 'documentKind' }),
      documentNo,
      issuedOn: row.read('签发日期', 'date'),
      expiresOn: row.read('有效期至', 'date'),
      custodian: row.read('保管机构', 'text'),
    },
  };
}

/** 因私出国境: one private trip. */
export function tripOf(row: SectionRow): Statement {
  const leftOn = row.read('出境日期', 'date', required);
  const region = row.read('国家或地区', 'code', { codes: 'region' });
  return {
    identity: [leftOn, region],
    body: {
      leftOn,
      returnedOn: row.read('入境日期', 'date'),
      region,
      reason: row.read('事由', 'text'),
      approvedBy: row.read('审批机构', 'text'),
      documentNo: row.read('所用证件', 'travel-document'),
    },
  };
}

/** 投资与债权债务: securities, business shares, foreign assets, loans and gifts. */
export function holdingOf(row: SectionRow): Statement {
  const ownerName = row.read('持有人', 'name', required);
  const kind = row.read('类别', 'code', { required: true, codes: 'holding' });
  const name = row.read('名称', 'text', required);
  return {
    identity: [ownerName, kind, name],
    body: {
      ownerName,
      kind,
      name,
      amountFen: row.read('金额（万元）', 'money-wan-yuan', required),
      isMarketValue: row.read('是否市值', 'boolean', required),
    },
  };
}
