/** The demo county 临江县: it does not exist, and delivers the way departments deliver. */

export { deliverCounty } from './deliver-county.ts';
export { type FeedPlaces, writeFeedsFile } from './feeds.ts';
export type { Answer } from './model.ts';
export {
  type CountyOptions,
  type CountySummary,
  DEFAULT_OPTIONS,
} from './options.ts';
export { fillFrontEnd } from './outlets/front-end.ts';
export { type Departments, startDepartments } from './outlets/simulator.ts';
export { type CountyBook, countyBook, type Folders } from './planted/book.ts';
