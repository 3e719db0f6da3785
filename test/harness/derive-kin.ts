/** Who may see whom in a seeded county, as the link stage derives it from roster and kinship. */
import { FACT_TABLES, PERSON } from '../../schema/fact-tables.ts';
import {
  derivePopulation,
  spreadManagedBy,
  writePopulation,
} from '../../src/pipeline/link/population.ts';
import { openWorkspace } from '../../src/pipeline/link/workspace.ts';
import type { Sql } from '../../src/platform/database.ts';

/** `sql` belongs to the workers' role. Facts of registers are known under the person's own name. */
export async function deriveKin(sql: Sql): Promise<void> {
  const tables = [...FACT_TABLES.values()].filter(({ subject }) => subject === PERSON);
  await sql.begin(async (tx) => {
    for (const kind of [
      ...tables.filter((each) => each.isRegister).map((each) => each.kind),
      'trip',
    ]) {
      await tx.unsafe(`update hub.${kind} f set registered_name = p.name from hub.person p
        where p.person_id = f.person_id and f.registered_name is null`);
    }
    await openWorkspace(tx, null);
    await tx`insert into affected select person_id from hub.official
      union select relative_id from hub.kinship`;
    const reach = await derivePopulation(tx);
    if (reach === 'none') return;
    // Seeded people are described in their own row, not in the roster.
    await tx`update derived d set name = p.name, id_number = p.id_number, sex = p.sex, born_on = p.born_on,
      is_official = p.is_official, level = p.level, unit_code = p.unit_code, unit_name = p.unit_name,
      post_title = p.post_title from hub.person p where p.person_id = d.person_id`;
    await writePopulation(tx);
    await spreadManagedBy(tx, [...tables.map(({ kind }) => kind), 'trip']);
  });
}
