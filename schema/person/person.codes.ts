/** Closed lists about officials: stored code → [Chinese, English]. */

/** Post levels of GB/T 12407-2008 as the roster states them. */
export const LEVEL = {
  '131': ['县处级正职', 'head at county level'],
  '132': ['县处级副职', 'deputy at county level'],
  '141': ['乡科级正职', 'head at township level'],
  '142': ['乡科级副职', 'deputy at township level'],
  '150': ['科员级', 'section staff'],
} as const;
