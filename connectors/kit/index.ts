/** What the rest of the hub may use of the connectors. */
export { type ColumnDrift, compareColumns, dropSealed } from './compare-columns.ts';
export { type Connector, loadConnectors } from './load.ts';
export type { Manifest, Sheet } from './manifest.ts';
export { recordSheets } from './record-sheets.ts';
