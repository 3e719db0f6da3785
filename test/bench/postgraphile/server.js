/**
 * PostGraphile 5 over a database of the bench: the same role, row policies and actor as the hub's API.
 * Facts and persons are not tied by foreign keys in the database; smart tags say how they belong.
 *
 *   node test/bench/postgraphile/server.js <database url>
 */
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { makeJSONPgSmartTagsPlugin } from 'postgraphile/utils';

const [url] = process.argv.slice(2);
if (!url) throw new Error('usage: server.js <database url>');

const camel = (name) => name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase());
const references = (columns, target, forward, backward) =>
  `(${columns}) references hub.${target}|@fieldName ${forward}|@foreignFieldName ${backward}`;
const byPerson = (table) => references('person_id', 'person (person_id)', 'person', camel(table));
const byYear = (table) =>
  references('person_id, year', 'declaration (person_id, year)', 'declaration', camel(table));

const OF_PERSON = [
  'property',
  'vehicle',
  'trip',
  'travel_document',
  'income',
  'audit',
  'petition',
  'warning',
];
const tables = {
  ...Object.fromEntries(OF_PERSON.map((table) => [table, { foreignKey: byPerson(table) }])),
  declaration: { foreignKey: byPerson('declaration'), unique: 'person_id,year' },
  declared_property: { foreignKey: byYear('declared_property') },
  declared_holding: { foreignKey: byYear('declared_holding') },
  unit: { unique: 'unit_code' },
  post: {
    foreignKey: [
      byPerson('post'),
      references('unit_code', 'unit (unit_code)', 'unit', 'postsOfUnit'),
    ],
  },
  kinship: {
    foreignKey: [
      byPerson('kinship'),
      references('relative_id', 'person (person_id)', 'relative', 'kinshipOfRelative'),
    ],
  },
};
const tagged = Object.entries(tables).map(([table, tags]) => [`hub.${table}`, { tags }]);

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [
    makeJSONPgSmartTagsPlugin({ version: 1, config: { class: Object.fromEntries(tagged) } }),
  ],
  // Every column may filter and sort; its default allows indexed columns only.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  schema: { defaultBehavior: '+list +connection -insert -update -delete' },
  pgServices: [makePgService({ connectionString: url, schemas: ['hub'], poolConfig: { max: 10 } })],
  grafast: {
    context: () => ({
      pgSettings: {
        role: 'hub_api',
        'hub.actor': 'bench',
        'hub.roles': 'analyst',
        'hub.authorities': '1,2',
      },
    }),
  },
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
});
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(0, '127.0.0.1', () => {
  // Whoever started this server is gone when the channel closes.
  process.once('disconnect', () => process.exit());
  process.on('message', () =>
    process.send?.({ memory: process.resourceUsage().maxRSS * 1024, cpuSeconds: 0 }),
  );
  process.send?.({ port: server.address().port });
});
