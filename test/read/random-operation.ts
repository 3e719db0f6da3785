/**
 * Random operations over the schema, made of whatever GraphQL offers to say one thing in another way:
 * aliases, fragments named and inline, variables and their defaults, @skip and @include, many roots. Each comes
 * with a twin that also asks for the id of everything that has one, from which it can be told whose rows
 * the answer shows without knowing how the hub tells.
 */
import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { randomFrom } from '../connectors/random.ts';

export type RandomOperation = { text: string; twin: string; variables: Record<string, unknown> };
/** Ids of rows there are, by type. */
export type Ids = ReadonlyMap<string, readonly string[]>;

const DEEPEST = 7;
type Field = GraphQLField<unknown, unknown>;
/** The text of a selection, and the same with ids. */
type Written = { plain: string; told: string };
const both = (text: string): Written => ({ plain: text, told: text });
const join = (parts: readonly Written[]): Written => ({
  plain: parts.map(({ plain }) => plain).join(' '),
  told: parts.map(({ told }) => told).join(' '),
});
const wrap = (before: string, inner: Written, after = ''): Written => ({
  plain: `${before}${inner.plain}${after}`,
  told: `${before}${inner.told}${after}`,
});

export function operationsFrom(schema: GraphQLSchema, ids: Ids, seed: number, idNumber: string) {
  const { below, pick } = randomFrom(seed);
  const chance = (percent: number) => below(100) < percent;
  let fragments: Written[] = [];
  let variables: Record<string, unknown> = {};
  let declared: string[] = [];
  let names = 0;
  const fresh = (prefix: string) => {
    names += 1;
    return `${prefix}${names}`;
  };

  /** A value as it is, as a variable, or as the default of a variable nobody gives. */
  function value(type: string, literal: string, given: unknown): string {
    if (chance(50)) return literal;
    const name = fresh('v');
    if (chance(50)) {
      declared.push(`$${name}: ${type}`);
      variables[name] = given;
    } else declared.push(`$${name}: ${type} = ${literal}`);
    return `$${name}`;
  }
  const text = (type: string, given: string) => value(type, JSON.stringify(given), given);

  function directive(): string {
    if (!chance(15)) return '';
    const isShown = chance(50);
    const condition = value('Boolean!', String(isShown), isShown);
    return chance(50) ? ` @include(if: ${condition})` : ` @skip(if: ${condition})`;
  }

  const someId = (type?: string): string => {
    const among = (type === undefined ? undefined : ids.get(type)) ?? [...ids.values()].flat();
    return pick(among);
  };

  function argumentsOf(field: Field): string {
    const type = getNamedType(field.type).name;
    const args = field.args.flatMap((arg) => {
      const named = getNamedType(arg.type);
      if (arg.name === 'first')
        return chance(50) ? [`first: ${value('Int', '2', 2)}`] : ['first: 3'];
      if (arg.name === 'idNumber') return [];
      if (arg.name === 'ids') {
        const list = [someId(), someId(), someId('Cadre')];
        return [`ids: ${value('[ID!]!', JSON.stringify(list), list)}`];
      }
      if (named.name === 'ID')
        return [`${arg.name}: ${text('ID!', someId(type === 'Node' ? undefined : type))}`];
      if (arg.name === 'filter' && type === 'CadreConnection' && chance(50)) {
        return [`filter: { name: ${text('String', '干部0')} }`];
      }
      if (!isRequiredArgument(arg)) return [];
      if (isEnumType(named)) return [`${arg.name}: ${pick(named.getValues()).name}`];
      return [`${arg.name}: ${named.name === 'Int' ? '1' : '"x"'}`];
    });
    if (
      field.name === 'cadre' &&
      field.args.some(({ name }) => name === 'idNumber') &&
      chance(30)
    ) {
      return `(idNumber: ${text('String', idNumber)})`;
    }
    return args.length === 0 ? '' : `(${args.join(', ')})`;
  }

  function fieldText(field: Field, depth: number): Written {
    const type = getNamedType(field.type);
    const alias = `${fresh('a')}: `;
    const call = `${chance(60) ? alias : ''}${field.name}${argumentsOf(field)}${directive()}`;
    if (isLeafType(type))
      return both(`${fresh('s')}: ${field.name}${argumentsOf(field)}${directive()}`);
    if (isInterfaceType(type)) {
      const implementing = schema.getPossibleTypes(type);
      const known = implementing.filter(({ name }) => ids.has(name));
      const inner = join([
        { plain: '__typename', told: '__typename oracleId: id' },
        ...[pick(known), pick(known)].map((each) =>
          wrap(`... on ${each.name} { `, selection(each, depth + 1), ' }'),
        ),
      ]);
      return wrap(
        `${fresh('n')}: ${field.name}${argumentsOf(field)}${directive()} { `,
        inner,
        ' }',
      );
    }
    if (!isObjectType(type)) throw new Error(type.name);
    // One response key, one selection: otherwise arguments of two would have to agree.
    const key = call.startsWith('a') ? call : `${alias}${call}`;
    return wrap(`${key} { `, selection(type, depth + 1), ' }');
  }

  /** What tells whose rows an object is made of, for the twin. */
  function oracleOf(type: GraphQLObjectType): string {
    const fields = type.getFields();
    if (type.name === 'Warning') return 'oracleId: id oracleCadre: cadre { oracleId: id }';
    if (fields.id) return 'oracleId: id';
    if (fields.cursor && fields.node) return 'oracleId: cursor';
    return '';
  }

  function selection(type: GraphQLObjectType, depth: number): Written {
    const all = Object.values(type.getFields()).filter(
      (field) => depth < DEEPEST || isLeafType(getNamedType(field.type)),
    );
    const chosen = all.length === 0 ? [] : Array.from({ length: 1 + below(3) }, () => pick(all));
    const parts = chosen.map((field) => {
      const written = fieldText(field, depth);
      if (chance(15)) return wrap(`... on ${type.name}${directive()} { `, written, ' }');
      if (chance(10)) return wrap(`...${directive()} { `, written, ' }');
      if (!chance(15)) return written;
      const name = fresh('F');
      fragments.push(wrap(`fragment ${name} on ${type.name} { `, written, ' }'));
      return both(`...${name}${directive()}`);
    });
    const oracle = oracleOf(type);
    // An object whose every field was skipped is no object GraphQL could show.
    return join([both('__typename'), ...parts, { plain: '', told: oracle }]);
  }

  return function next(): RandomOperation {
    fragments = [];
    variables = {};
    declared = [];
    names = 0;
    const query = schema.getQueryType();
    if (!query) throw new Error('no query');
    const root = Object.values(query.getFields());
    const parts = Array.from({ length: 1 + below(2) }, () => {
      const written = fieldText(pick(root), 1);
      if (chance(15)) return wrap(`... on Query${directive()} { `, written, ' }');
      if (!chance(15)) return written;
      const name = fresh('F');
      fragments.push(wrap(`fragment ${name} on Query { `, written, ' }'));
      return both(`...${name}`);
    });
    const head = declared.length === 0 ? 'query Q' : `query Q(${declared.join(', ')})`;
    const whole = join([wrap(`${head} { `, join(parts), ' }'), ...fragments]);
    return { text: whole.plain, twin: whole.told, variables };
  };
}
