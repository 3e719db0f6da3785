/**
 * Packages of the little county in which everything happens that may come in the wrong order:
 * a family declared before its official is known, facts before their person, crossings before their
 * document, a document whose holder is corrected, corrections on the same day, full snapshots,
 * declarations that are corrected by leaving something out.
 */
import { type Package, residentId } from './deliver.ts';

export const LI = residentId(1);
export const WIFE = residentId(2);
export const ZHAO = residentId(3);
export const STRANGER = residentId(4);
export const SON = residentId(5);

export const official = (id: string, name: string, more: Record<string, string> = {}) => ({
  姓名: name,
  身份证号: id,
  职务层次: '141',
  单位代码: 'U1',
  任职状态: 'in-service',
  管理权限: '县管',
  ...more,
});

export const relative = (id: string, relativeId: string, name: string, relation = '10') => ({
  姓名: '李明',
  身份证号: id,
  亲属: name,
  亲属身份证号: relativeId,
  称谓: relation,
  共同生活: '是',
});

export const home = (unitNo: string, id: string, more: Record<string, string> = {}) => ({
  单元号: unitNo,
  坐落: '临江县一号',
  用途: '住宅',
  面积: '88.5',
  权利人: '王芳',
  证件号: id,
  共有: 'sole',
  比例: '100',
  取得: 'purchase',
  登记: '2020-05-01',
  价格: '1000000',
  ...more,
});

export const income = (id: string, year: string, yuan: string, item = '工资') => ({
  身份证号: id,
  姓名: '李明',
  年度: year,
  项目: item,
  单位: '财政局',
  单位代码: 'P1',
  收入额: yuan,
  是否汇算: '是',
});

export const travelDocument = (no: string, id: string, name: string) => ({
  证件号码: no,
  种类: 'passport',
  姓名: name,
  身份证号: id,
  签发: '2020-01-01',
  有效期: '2030-01-01',
  状态: 'valid',
});

export const crossing = (no: string, name: string, direction: string, at: string) => ({
  证件号码: no,
  种类: 'passport',
  姓名: name,
  方向: direction,
  时间: at,
  口岸: '深圳湾',
  地区: 'HKG',
});

export const unit = (code: string, name: string) => ({
  单位代码: code,
  单位名称: name,
  类别: 'government',
  三集中单位: '否',
});

export const company = (name: string, more: Record<string, string | null> = {}) => ({
  信用代码: '91999901MA00000017',
  名称: name,
  住所: '临江县二号',
  类型: 'limited',
  状态: 'active',
  ...more,
});

export const shareholder = (
  id: string,
  companyName: string,
  more: Record<string, string | null> = {},
) => ({
  企业信用代码: '91999901MA00000017',
  企业名称: companyName,
  企业住所: '临江县二号',
  股东: '王芳',
  身份证号: id,
  比例: '60',
  ...more,
});

export const declaredHome = (unitNo: string, more: Record<string, string | null> = {}) => ({
  产权人: '李明',
  不动产单元号: unitNo,
  权证号: null,
  地址: '临江县一号',
  性质: '商品房',
  建筑面积: '88.5',
  来源: '购买',
  交易时间: '2020-05-01',
  '交易价格（万元）': '100',
  去向: null,
  ...more,
});

export const familyMember = (name: string, id: string | null, relation = '妻') => ({
  称谓: relation,
  姓名: name,
  身份证号: id,
  出生日期: null,
  共同生活: '是',
  起: null,
  止: null,
});

/** A declaration of `LI`, with nothing in a section that `more` does not name. */
export const declared = (year: string, more: Record<string, unknown> = {}) => ({
  姓名: '李明',
  身份证号: LI,
  报告年度: year,
  报告类型: '年度报告',
  签字日期: `${Number(year) + 1}-01-20`,
  婚姻状况: '已婚',
  '工资奖金津贴（万元）': '12',
  '劳务所得（万元）': '0',
  无此类情况: [],
  家庭成员: [],
  房产: [],
  因私证件: [],
  因私出国境: [],
  投资与债权债务: [],
  ...more,
});

export const declarations = (asOf: string, ...rows: ReturnType<typeof declared>[]): Package => ({
  feed: 'declaration',
  asOf,
  sheets: { declarations: rows },
});

export const PACKAGES: readonly Package[] = [
  {
    feed: 'roster',
    asOf: '2026-01-05',
    sheets: {
      units: [unit('U1', '财政局')],
      officials: [official(LI, '李明'), official(ZHAO, '赵强', { 管理权限: '市管' })],
    },
  },
  {
    feed: 'roster',
    asOf: '2026-03-05',
    sheets: {
      units: [unit('U1', '财政和国资局')],
      officials: [official(LI, '李明', { 职务层次: '132', 管理权限: '市管' })],
    },
  },
  {
    feed: 'family',
    asOf: '2026-01-20',
    sheets: { family: [relative(LI, WIFE, '王芳'), relative(LI, SON, '李小明', '20')] },
  },
  {
    feed: 'homes',
    asOf: '2026-01-10',
    sheets: {
      homes: [home('H1', WIFE), home('H2', LI), home('H3', STRANGER), home('H4', LI)],
    },
  },
  {
    feed: 'homes',
    asOf: '2026-02-10',
    sheets: {
      homes: [home('H1', WIFE), home('H2', LI, { 面积: '90' }), home('H4', ZHAO)],
    },
  },
  {
    feed: 'homes',
    asOf: '2026-02-10',
    sequence: 2,
    sheets: { homes: [home('H1', WIFE), home('H2', LI, { 面积: '91' }), home('H3', LI)] },
  },
  {
    feed: 'border',
    asOf: '2026-02-01',
    sheets: {
      documents: [
        travelDocument('E10000001', LI, '李明'),
        travelDocument('E10000002', ZHAO, '赵强'),
      ],
      crossings: [
        crossing('E10000001', '李明', '出', '2026-01-02 10:00:00'),
        crossing('E10000001', '李明', '入', '2026-01-06 18:30:00'),
        crossing('E10000009', '王芳', '出', '2026-01-03 09:00:00'),
      ],
    },
  },
  {
    feed: 'border',
    asOf: '2026-04-01',
    sheets: {
      documents: [
        travelDocument('E10000002', WIFE, '王芳'),
        travelDocument('E10000009', WIFE, '王芳'),
      ],
      crossings: [
        crossing('E10000001', '李明', '出', '2026-03-01 10:00:00'),
        crossing('E10000002', '王芳', '出', '2026-03-02 10:00:00'),
        crossing('E10000002', '赵强', '入', '2026-03-04 10:00:00'),
        crossing('E10000002', '王芳', '入', '2026-03-05 10:00:00'),
      ],
    },
  },
  declarations(
    '2026-01-25',
    declared('2024', {
      家庭成员: [familyMember('王芳', WIFE)],
      房产: [declaredHome('999901001001GB00001F00010001')],
    }),
    declared('2025', {
      家庭成员: [familyMember('王芳', WIFE), familyMember('赵强', STRANGER, '子')],
      房产: [
        declaredHome('999901001001GB00001F00010001'),
        declaredHome('999901001001GB00001F00010002'),
      ],
    }),
  ),
  declarations(
    '2026-02-25',
    declared('2025', {
      家庭成员: [familyMember('李小明', SON, '子')],
      房产: [declaredHome('999901001001GB00001F00010002', { 建筑面积: '99' })],
    }),
    declared('2025', {
      报告类型: '变更报告',
      房产: [declaredHome('999901001001GB00001F00010003')],
    }),
  ),
  {
    ...declarations(
      '2026-02-25',
      declared('2025', {
        家庭成员: [familyMember('李小明', SON, '子')],
        房产: [declaredHome('999901001001GB00001F00010001')],
      }),
      declared('2024', { 无此类情况: ['房产'] }),
    ),
    sequence: 2,
  },
];

/** The roster with one official in it, for tests about what other feeds say of him. */
export const ROSTER_OF_LI: Package = {
  feed: 'roster',
  asOf: '2026-01-01',
  sheets: { units: [unit('U1', '财政局')], officials: [official(LI, '李明')] },
};
