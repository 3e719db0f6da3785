/** Cases of rules as facts: for the tests of rules and for the demo county, never for the hub's own work. */
export { type CaseFact, factsOf, type Row, type Told } from './case-facts.ts';
export { type Cast, type CastPerson, plainCast } from './cast.ts';
export { type DepartmentRow, departmentRows, rowsOfCase } from './department-rows.ts';
export { type FactKind, type FactKinds, factKinds } from './fact-kinds.ts';
