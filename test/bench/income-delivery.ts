/**
 * Prepares what `ingest.ts` measures: a file as the tax bureau would deliver it and the people it is
 * about. A process of its own, so that none of this counts as the hub's memory.
 *
 *   node test/bench/income-delivery.ts <database url> <rows> <file>
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { residentIdWithCheckDigit } from '../../connectors/kit/values/resident-id.ts';
import { usccWithCheckDigit } from '../../connectors/kit/values/uscc.ts';
import { personKey } from '../../src/base/person-key.ts';
import { Secret } from '../../src/base/secret.ts';
import { encodeGb18030 } from '../../src/demo/outlets/gb18030.ts';
import { connect, type Sql } from '../../src/platform/database.ts';

const ITEMS_PER_PERSON = 5;
const identityKey = new Secret('bench');

const residentId = (i: number): string => {
  const day = new Date(Date.UTC(1960, 0, 1 + (i % 14_000))).toISOString().slice(0, 10);
  return residentIdWithCheckDigit(
    `999901${day.replaceAll('-', '')}${String(Math.floor(i / 14_000) % 1000).padStart(3, '0')}`,
  );
};

const HEADER =
  '纳税人识别号,纳税人姓名,所得年度,所得项目,扣缴义务人,扣缴义务人识别号,收入额,减除费用,已缴税额,是否汇算,申报日期,税务机关\n';

/** Five years of one item for each person. */
async function writeDelivery(path: string, rows: number): Promise<void> {
  const payer = usccWithCheckDigit('11999901000000001');
  const tail = encodeGb18030(',工资薪金,临江县财政局,');
  const [name, office] = [encodeGb18030(',张试,'), encodeGb18030(',临江县税务局\n')];
  const yes = encodeGb18030(',是,');
  function* lines() {
    yield encodeGb18030(HEADER);
    for (let start = 0; start < rows; start += 1000) {
      const parts: Uint8Array[] = [];
      for (let row = start; row < Math.min(rows, start + 1000); row++) {
        const year = 2021 + (row % ITEMS_PER_PERSON);
        parts.push(
          Buffer.from(residentId(Math.floor(row / ITEMS_PER_PERSON))),
          name,
          Buffer.from(String(year)),
          tail,
          Buffer.from(`${payer},${100_000 + (row % 90_000)}.50,60000,1234.56`),
          yes,
          Buffer.from(`${year + 1}-06-15`),
          office,
        );
      }
      yield Buffer.concat(parts);
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
}

/** The people must be in the population, or their income would be nobody's business. */
async function fillPopulation(sql: Sql, people: number): Promise<void> {
  await sql`insert into hub.authority (code, name) values ('county', '县管') on conflict do nothing`;
  const copy =
    await sql`copy hub.person (person_id, name, is_official, managed_by) from stdin`.writable();
  function* rows() {
    for (let i = 0; i < people; i++) {
      yield `${personKey(identityKey, 'resident-id', residentId(i))}\t张试\tf\t{1}\n`;
    }
  }
  await pipeline(Readable.from(rows()), copy);
  await sql`analyze hub.person`;
}

const [url, rowsText, file] = process.argv.slice(2);
if (!url || !rowsText || !file) {
  throw new Error('usage: income-delivery.ts <database url> <rows> <file>');
}
const rows = Number(rowsText);
const owner = connect(new Secret(url), { role: 'owner', max: 1 });
await writeDelivery(file, rows);
const people = Math.ceil(rows / ITEMS_PER_PERSON);
await fillPopulation(owner, people);
await owner.end();
process.stdout.write(`${JSON.stringify({ rows, people })}\n`);
