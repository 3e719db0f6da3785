/** Closed lists of titles and acquisitions: stored code → [Chinese, English], for the API and the rules alike. */

export const OBTAINED_BY = {
  purchase: ['购买', 'Purchase'],
  inheritance: ['继承', 'Inheritance'],
  gift: ['受赠', 'Gift'],
  resettlement: ['拆迁安置', 'Resettlement'],
  'self-built': ['自建', 'Self-built'],
  court: ['司法裁定', 'Court ruling'],
  other: ['其他', 'Other'],
} as const;
