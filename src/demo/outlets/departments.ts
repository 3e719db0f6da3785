/** All departments of the county: those with a file of their own, found by listing, and the others from their manifests. */
import { readdirSync } from 'node:fs';
import { type Connector, loadConnectors } from '../../../connectors/kit/index.ts';
import type { FactKinds } from '../../cases/index.ts';
import type { Department } from './department.ts';
import { genericDepartment } from './generic.ts';

const FOLDER = new URL('../departments/', import.meta.url);

async function ownFiles(): Promise<Map<string, Department>> {
  const found = new Map<string, Department>();
  for (const name of readdirSync(FOLDER).sort()) {
    const module: { default: Department } = await import(new URL(name, FOLDER).href);
    found.set(module.default.feed, module.default);
  }
  return found;
}

/** The departments in the order of their feeds; `kinds` says what is ordinary for the generic ones. */
export async function departmentsOf(
  kinds: FactKinds,
  connectors?: ReadonlyMap<string, Connector>,
): Promise<Department[]> {
  const own = await ownFiles();
  const feeds = connectors ?? (await loadConnectors());
  return [...feeds.values()].map((feed) => own.get(feed.id) ?? genericDepartment(feed, kinds));
}
