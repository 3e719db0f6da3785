/** Closed lists of travel: stored code → [Chinese, English], for the API and the rules alike. */

export const DOCUMENT_KINDS = {
  passport: ['普通护照', 'Passport'],
  'hk-macau-permit': ['往来港澳通行证', 'Permit for Hong Kong and Macau'],
  'taiwan-permit': ['往来台湾通行证', 'Permit for Taiwan'],
  'official-passport': ['因公护照', 'Official passport'],
  'official-permit': ['因公通行证', 'Official permit'],
} as const;
