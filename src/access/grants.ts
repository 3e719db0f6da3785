/**
 * Every right there is. A field, filter or command names exactly one of them on the line where it is
 * defined; a role is a list of them. Nothing is granted by being absent from this list.
 */
export const GRANTS = {
  'self.read': ['查看本人账号', 'See one’s own account'],
  'cadre.read': ['查看干部基本信息与任职', 'Read officials, their posts and units'],
  'identity.read': ['查看完整证件号码', 'See full identity numbers'],
  'family.read': ['查看家庭成员', 'Read family members'],
  'asset.read': ['查看房产与车辆', 'Read homes and vehicles'],
  'travel.read': ['查看证件与出入境', 'Read travel documents and trips'],
  'company.read': ['查看企业登记及任职、持股', 'Read companies, and who holds shares or office'],
  'income.read': ['查看收入', 'Read income'],
  'declaration.read': ['查看个人有关事项报告', 'Read declarations of personal matters'],
  'audit.read': ['查看经济责任审计', 'Read audits'],
  'petition.read': ['查看信访举报（不含举报人）', 'Read petitions, never who sent them'],
  'warning.read': ['查看预警', 'Read warnings'],
  'evidence.read': ['查看预警证据与原始行', 'Read evidence down to the delivered row'],
  'warning.handle': ['办理预警', 'Assign, note, propose and conclude warnings'],
  'warning.lead': [
    '就他人承办的预警提出结论',
    'Propose conclusions on warnings assigned to others',
  ],
  'rule.read': ['查看规则与参数', 'Read rules and their parameters'],
  'source.read': ['查看数据来源与时效', 'See sources and how fresh they are'],
  'feed.operate': ['管理数据接入', 'Operate feeds: runs, batches, syncs'],
  'quarantine.read': ['查看隔离区', 'Read rejected rows'],
  'night.read': ['查看夜间比对', 'Read correlation nights'],
  'night.operate': ['启动夜间比对', 'Start a correlation night'],
  'actor.manage': ['管理账号与授权', 'Enter accounts, and give and take rights'],
} as const satisfies Record<string, readonly [zh: string, en: string]>;

export type Grant = keyof typeof GRANTS;
