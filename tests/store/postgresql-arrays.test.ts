import { CompiledQuery } from 'kysely';
import { expect, test } from 'vitest';
import { arrayOf, type ArrayType } from '../../src/store/postgresql-arrays.ts';
import { openGround } from './ground.ts';

/** Of every type, with a null among them: its edges, and what an array as text would have to escape. */
const columns: Record<ArrayType, { values: unknown[]; asText: (string | null)[] }> = {
  int8: {
    values: [0, -1, 2 ** 31, -(2 ** 32), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, null],
    asText: ['0', '-1', '2147483648', '-4294967296', '9007199254740991', '-9007199254740991', null],
  },
  int4: { values: [2 ** 31 - 1, -(2 ** 31), null], asText: ['2147483647', '-2147483648', null] },
  float8: { values: [0.1, -1e300, null], asText: ['0.1', '-1e+300', null] },
  bool: { values: [true, null, false], asText: ['true', null, 'false'] },
  timestamptz: {
    values: [new Date('2026-02-03T04:05:06.789Z'), new Date('1969-12-31T23:59:59.999Z'), null],
    asText: ['2026-02-03 04:05:06.789+00', '1969-12-31 23:59:59.999+00', null],
  },
  text: {
    values: ['', 'null', '{"a",b}', '\\ "', 'Здравствуйте 👋', '\n\t', null],
    asText: ['', 'null', '{"a",b}', '\\ "', 'Здравствуйте 👋', '\n\t', null],
  },
  json: { values: ['{"a":  "\\"é"}', 'null', null], asText: ['{"a":  "\\"é"}', 'null', null] },
  jsonb: { values: ['{"a":  "\\"é"}', '[]', null], asText: ['{"a": "\\"é"}', '[]', null] },
};

test.each(Object.keys(columns) as ArrayType[])('an array of %s arrives as it was', async (type) => {
  await using ground = await openGround('postgresql');
  const { values, asText } = columns[type];
  const client = ground.store.em().getKysely();

  const { rows } = await client.executeQuery<{ text: string | null }>(
    CompiledQuery.raw(
      `select n.value::text as text from (select set_config('timezone', 'UTC', false)) as zone,
              unnest($1::${type}[]) with ordinality as n(value, place) order by place`,
      [arrayOf(type, values)],
    ),
  );

  expect(rows.map((row) => row.text)).toEqual(asText);
});

test('an empty array has no values', async () => {
  await using ground = await openGround('postgresql');

  const { rows } = await ground.store
    .em()
    .getKysely()
    .executeQuery(CompiledQuery.raw('select unnest($1::text[])', [arrayOf('text', [])]));

  expect(rows).toEqual([]);
});
