/** The eight departments and the way each delivers. */
import { audit } from './audit.ts';
import { declaration } from './declaration.ts';
import { Desk } from './deliver.ts';
import type { Department } from './department.ts';
import { exitEntry } from './exit-entry.ts';
import { csvOutlet, ndjsonOutlet, type Place } from './file-outlets.ts';
import { encodeGb18030 } from './gb18030.ts';
import { income } from './income.ts';
import type { Outlet } from './outlet.ts';
import { pageOutlet } from './page-outlet.ts';
import { petition } from './petition.ts';
import { realEstate } from './real-estate.ts';
import { roster } from './roster.ts';
import { tableOutlet } from './table-outlet.ts';
import { vehicle } from './vehicle.ts';
import { workbookOutlet } from './workbook-outlet.ts';

const BYTE_ORDER_MARK = '\ufeff';

const WAYS: readonly (readonly [Department, (place: Place) => Outlet])[] = [
  [roster, workbookOutlet],
  [declaration, ndjsonOutlet],
  [income, csvOutlet(encodeGb18030)],
  [realEstate, pageOutlet],
  [vehicle, csvOutlet(undefined, BYTE_ORDER_MARK)],
  [exitEntry, tableOutlet],
  [audit, workbookOutlet],
  [petition, csvOutlet()],
];

export const openDesks = (seed: number, folder: string): Desk[] =>
  WAYS.map(([department, open]) => new Desk(seed, folder, department, open));

export const DEPARTMENTS: readonly Department[] = WAYS.map(([department]) => department);
