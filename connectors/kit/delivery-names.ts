/** The names under which a feed's deliveries may come as files: for the department's README and for refusals. */
import type { Manifest } from './manifest.ts';

/** Formats of a file that holds one sheet; a workbook holds them all. */
export const SHEET_FORMATS = ['csv', 'ndjson'] as const;
export const WORKBOOK_FORMAT = 'xlsx';

/** What stands between the name's beginning and its ending: the date of the data, a number of that date. */
export const PLACE_PATTERN = 'YYYY-MM-DD[_n]';

type Named = Pick<Manifest, 'sheets'> & { feed: string };

/** Files of one sheet, by the sheet's `source`; then the workbook of the whole feed. */
export const deliveryNames = ({ feed, sheets }: Named): string[] => [
  ...Object.values(sheets).flatMap(({ source }) =>
    SHEET_FORMATS.map((format) => `${source}_${PLACE_PATTERN}.${format}`),
  ),
  `${feed}_${PLACE_PATTERN}.${WORKBOOK_FORMAT}`,
];
