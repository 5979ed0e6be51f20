import { readFile } from 'node:fs/promises';
import { connect } from '../../support/postgres.ts';

/** Where something was looked for, and what stands there. */
export type Place = { where: string; text: string };

/** What nobody may find, by name. */
export type Canaries = Readonly<Record<string, string>>;

/** Which canaries stand where, in any of their forms; empty is how it has to be. */
export function leaksIn(places: readonly Place[], canaries: Canaries): string[] {
  const needles = Object.entries(canaries).flatMap(([name, secret]) =>
    [...formsOf(secret)].map((form) => ({ name, form })),
  );
  return places.flatMap(({ where, text }) =>
    needles
      .filter(({ form }) => text.includes(form))
      .map(({ name, form }) => `${where}: ${name} as ${form.slice(0, 12)}…`),
  );
}

/** A secret as it is, in a URL, in JSON, in hex and in base64, at whatever byte of something longer it begins. */
export function formsOf(secret: string): Set<string> {
  const bytes = Buffer.from(secret);
  const aligned = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The signs at both ends hold bits of the neighbours as well.
    const own = text.slice(shift === 0 ? 0 : shift + 1, (shift + bytes.length) % 3 === 0 ? undefined : -1);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return new Set([
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
    ...aligned,
  ]);
}

/** Everything that a database keeps: the bytes of SQLite's files, or every row of every table of PostgreSQL as text. */
export async function everythingKept(databaseUrl: string): Promise<Place[]> {
  if (databaseUrl.startsWith('sqlite:')) {
    const file = databaseUrl.slice('sqlite:'.length);
    return Promise.all(
      ['', '-wal', '-shm'].map(async (end) => ({
        where: `the file leadgate.db${end}`,
        text: await readFile(file + end, 'latin1'),
      })),
    );
  }
  await using client = await connect(databaseUrl);
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const places: Place[] = [];
  for (const { name } of rows) {
    const { rows: kept } = await client.query<{ text: string }>(
      `select one::text || to_jsonb(one)::text as text from ${name} one`,
    );
    places.push({ where: `the table ${name}`, text: kept.map(({ text }) => text).join('\n') });
  }
  return places;
}
