/** States of a warning, as stored, and their words in Chinese and English. */
export const WARNING_STATES = {
  new: ['待分办', 'New'],
  assigned: ['已分办', 'Assigned'],
  proposed: ['拟结论，待复核', 'A conclusion is proposed'],
  concluded: ['已办结', 'Concluded'],
} as const satisfies Record<string, readonly [zh: string, en: string]>;
