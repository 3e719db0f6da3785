/** What the county is made from besides chance: the feeds, their departments, and the cases of the rules. */
import { loadConnectors } from '../../../connectors/kit/index.ts';
import { type FactKinds, factKinds, type Told } from '../../cases/index.ts';
import { loadBook } from '../../rules/index.ts';
import { tablesOf } from '../../rules/kit/snapshot.ts';
import type { Department } from '../outlets/department.ts';
import { departmentsOf } from '../outlets/departments.ts';
import type { Plantable } from './deal.ts';

export type CountyBook = {
  kinds: FactKinds;
  departments: readonly Department[];
  cases: readonly Plantable[];
};

/** Folders other than the hub's own, for tests of feeds and rules that are not part of it. */
export type Folders = { connectors?: string; rules?: string };

async function plantable(folder: string | undefined): Promise<Plantable[]> {
  const book = await loadBook(folder);
  return book.flatMap(({ rule, cases }) => {
    const reads: Told['reads'] = rule.isAfterOthers ? 'everything' : tablesOf(rule);
    const of = (kind: Plantable['kind'], list: typeof cases.mustFire): Plantable[] =>
      list
        .filter(({ notDelivered }) => notDelivered === undefined)
        .map((given) => ({ kind, told: { ruleId: rule.id, reads, given } }));
    return [...of('true', cases.mustFire), ...of('near-miss', cases.mustStaySilent)];
  });
}

export async function countyBook({ connectors, rules }: Folders = {}): Promise<CountyBook> {
  const feeds = await loadConnectors(connectors);
  const kinds = await factKinds(feeds);
  return {
    kinds,
    departments: await departmentsOf(kinds, feeds),
    cases: await plantable(rules),
  };
}
