/**
 * The two questions the read path is measured by, as an analyst asks them in GraphQL and as a
 * programmer would write them by hand for a bare server. Both give the same answer.
 */

export const PROFILE = `query Profile($id: ID!) { cadre(id: $id) { id name level unitName postTitle
  posts { nodes { title startedOn endedOn unit { name } } }
  family { nodes { relation name isCoLiving person { name homes { nodes { address areaM2 price } } vehicles { nodes { plate brand } } } } }
  homes { nodes { address use areaM2 price registeredOn } } vehicles { nodes { plate brand price registeredOn } }
  trips(first: 10) { nodes { region leftOn returnedOn isPrivate } }
  travelDocuments { nodes { kind documentNo expiresOn } } incomes(first: 100) { nodes { taxYear item gross tax payerName } }
  declarations { nodes { year signedOn wages properties { nodes { address price } } holdings { nodes { kind name amount } } } }
  audits { nodes { reportNo finding amount } } petitions { nodes { caseNo category receivedOn } }
  warnings { nodes { ruleCode severity state questionZh } } } }`;

export const LIST = `query List { cadres(first: 50) { nodes { id name level unitName homeCount: propertyCount tripCount warningCount
  homes(first: 5) { nodes { address price } } trips(first: 5) { nodes { region leftOn returnedOn } } warnings(first: 5) { nodes { ruleCode severity state } } } } }`;

const code = (column: string) => `upper(translate(${column}, '-', '_'))`;
const yuan = (column: string) => `(${column} * 0.01)::text`;
const rows = (select: string) =>
  `(select json_build_object('nodes', coalesce(json_agg(x), '[]')) from (${select}) x)`;
const now = `known_to = 'infinity'`;

const unitName = `(select row_to_json(u) from (select name from hub.unit u where u.unit_code = a.unit_code and u.${now} limit 1) u) as unit`;
const relative = `(select row_to_json(q) from (select k.relative_name as name,
    ${rows(`select h.address, h.area_m2 as "areaM2", ${yuan('h.price_fen')} as price from hub.property h where h.person_id = k.relative_id and h.${now} order by registered_on desc`)} as homes,
    ${rows(`select plate, brand from hub.vehicle h where h.person_id = k.relative_id and h.${now} order by registered_on desc`)} as vehicles
  ) q) as person`;
const ofPerson = (select: string, table: string, tail: string, isFact = true) =>
  rows(
    `select ${select} from hub.${table} h where h.person_id = p.person_id ${isFact ? `and h.${now}` : ''} ${tail}`,
  );
const declarations = rows(`select year, signed_on as "signedOn", ${yuan('wages_fen')} as wages,
    ${rows(`select address, ${yuan('price_fen')} as price from hub.declared_property x where x.person_id = d.person_id and x.year = d.year and x.${now}`)} as properties,
    ${rows(`select ${code('kind')} as kind, name, ${yuan('amount_fen')} as amount from hub.declared_holding x where x.person_id = d.person_id and x.year = d.year and x.${now} order by kind`)} as holdings
  from hub.declaration d where d.person_id = p.person_id and d.${now} order by year desc`);
const BY_SEVERITY = `order by array_position('{red,yellow,blue}', severity), first_seen_on desc, warning_id`;
const warnings = (tail: string, more = '') =>
  ofPerson(
    `rule_id as "ruleCode", ${code('severity')} as severity, ${code('state')} as state${more}`,
    'warning',
    tail,
    false,
  );

export const PROFILE_BY_HAND = `select row_to_json(r)::text as data from (
  select 'Cadre:' || p.person_id::text as id, p.name, p.level, p.unit_name as "unitName", p.post_title as "postTitle",
  ${rows(`select a.title, a.started_on as "startedOn", a.ended_on as "endedOn", ${unitName} from hub.post a where a.person_id = p.person_id and a.${now} order by started_on desc`)} as posts,
  ${rows(`select k.relation, k.relative_name as name, k.is_co_living as "isCoLiving", ${relative} from hub.kinship k where k.person_id = p.person_id and k.${now} order by relation`)} as family,
  ${ofPerson(`h.address, ${code('h.use')} as use, h.area_m2 as "areaM2", ${yuan('h.price_fen')} as price, registered_on as "registeredOn"`, 'property', 'order by registered_on desc')} as homes,
  ${ofPerson(`plate, brand, ${yuan('price_fen')} as price, registered_on as "registeredOn"`, 'vehicle', 'order by registered_on desc')} as vehicles,
  ${ofPerson(`region, left_on as "leftOn", returned_on as "returnedOn", is_private as "isPrivate"`, 'trip', 'order by left_on desc limit 10')} as trips,
  ${ofPerson(`${code('kind')} as kind, document_no as "documentNo", expires_on as "expiresOn"`, 'travel_document', 'order by issued_on desc')} as "travelDocuments",
  ${ofPerson(`tax_year as "taxYear", ${code('item')} as item, ${yuan('gross_fen')} as gross, ${yuan('tax_fen')} as tax, payer_name as "payerName"`, 'income', 'order by tax_year desc, gross_fen desc')} as incomes,
  ${declarations} as declarations,
  ${ofPerson(`report_no as "reportNo", finding, ${yuan('amount_fen')} as amount`, 'audit', 'order by reported_on desc')} as audits,
  ${ofPerson(`case_no as "caseNo", ${code('category')} as category, received_on as "receivedOn"`, 'petition', 'order by received_on desc')} as petitions,
  ${warnings(BY_SEVERITY, ', question_zh as "questionZh"')} as warnings
  from hub.person p where p.person_id = $1::uuid and p.is_official) r`;

const count = (table: string, isFact = true) =>
  `(select count(*)::int from hub.${table} h where h.person_id = p.person_id ${isFact ? `and h.${now}` : ''})`;

export const LIST_BY_HAND = `select json_agg(r)::text as data from (
  select 'Cadre:' || p.person_id::text as id, p.name, p.level, p.unit_name as "unitName",
  ${count('property')} as "homeCount", ${count('trip')} as "tripCount", ${count('warning', false)} as "warningCount",
  ${ofPerson(`h.address, ${yuan('h.price_fen')} as price`, 'property', 'order by registered_on desc, id limit 5')} as homes,
  ${ofPerson('region, left_on as "leftOn", returned_on as "returnedOn"', 'trip', 'order by left_on desc limit 5')} as trips,
  ${warnings(`${BY_SEVERITY} limit 5`)} as warnings
  from hub.person p where p.is_official order by p.name, p.person_id limit 50) r`;
