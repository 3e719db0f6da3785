/** Closed lists of market entities: stored code → [Chinese, English], for the API and the rules alike. */

export const COMPANY_KIND = {
  limited: ['有限责任公司', 'Limited company'],
  'joint-stock': ['股份有限公司', 'Joint-stock company'],
  'sole-proprietor': ['个人独资企业', 'Sole proprietorship'],
  partnership: ['合伙企业', 'Partnership'],
  branch: ['分支机构', 'Branch'],
  'self-employed': ['个体工商户', 'Self-employed business'],
  other: ['其他', 'Other'],
} as const;

export const COMPANY_STATE = {
  active: ['存续', 'Active'],
  revoked: ['吊销', 'Revoked'],
  cancelled: ['注销', 'Cancelled'],
} as const;

export const COMPANY_OFFICE = {
  'legal-representative': ['法定代表人', 'legal representative'],
  director: ['董事', 'director'],
  manager: ['经理', 'manager'],
  supervisor: ['监事', 'supervisor'],
  partner: ['合伙人', 'partner'],
  proprietor: ['投资人、经营者', 'proprietor'],
  other: ['其他职务', 'other office'],
} as const;
