import fc from 'fast-check';
import type { RawRequest } from './raw-request.ts';

/** Spoils a request that was good. */
type Spoil = (raw: RawRequest) => RawRequest;

const json = { 'content-type': 'application/json' };
const long = 'x'.repeat(100_000);

/** Values that are of no use anywhere, as they stand in JSON. */
const nonsense = [
  'null',
  'true',
  '-1',
  '0',
  '1.5',
  '1e400',
  '-0',
  '9007199254740993',
  '123456789012345678901234567890',
  '""',
  '" "',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '[]',
  '[[]]',
  '{}',
  '{"$gt":0}',
  '{"__proto__":{"role":"admin"}}',
  '{"constructor":{"prototype":{}}}',
  '"0000-01-01T00:00:00Z"',
  '"9999-99-99T99:99:99Z"',
  `"${long}"`,
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
];

/** Bodies that are no bodies. */
const bodies: (string | Buffer)[] = [
  '',
  '{',
  '{"a":',
  '{"a":1}{"b":2}',
  "{'a':1}",
  'undefined',
  'NaN',
  '\ufeff{}',
  Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
  Buffer.from('{"name":"\xff\xfe"}', 'latin1'),
  `{"a":"${long}`,
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  ...nonsense,
];

const inPaths = [
  '%00',
  '%2F',
  '%ff',
  '%C0%AF',
  '%E0%A4',
  '%',
  '%zz',
  '..%2f..%2f',
  '-1',
  '0',
  '01',
  '1.5',
  '1e3',
  '0x10',
  '9007199254740993',
  '99999999999999999999',
  '%EF%BC%91',
  '%F0%9F%98%80',
  '__proto__',
  'constructor',
  "1'",
  '1;x=1',
  '1,2',
  'null',
  'a'.repeat(5_000),
  '',
];

const inQueries = [
  'limit=-1',
  'limit=0',
  'limit=201',
  'limit=1e2',
  'limit=99999999999999999999',
  'limit=10&limit=20',
  'limit[]=1',
  'limit=%00',
  'cursor=%00',
  'cursor=-1',
  'cursor=9007199254740993',
  'cursor=AAAA',
  'cursor=%F0%9F%98%80',
  `cursor=${'a'.repeat(201)}`,
  'q=%00',
  'q=%ff',
  'q=%25_%5C%27%22',
  `q=${'a'.repeat(201)}`,
  'q=a&q=b',
  'from=yesterday',
  'from=0000-01-01T00:00:00Z',
  'to=275760-09-13T00:00:00.000Z',
  'from=2026-01-01T00:00:00Z&to=2020-01-01T00:00:00Z',
  '__proto__=1',
  'constructor[prototype]=1',
  '=',
  '&&&',
  '%',
  'source_id=%EF%BC%91',
  'source_id=1%20or%201=1',
  'status=open',
  'nonsense=1',
];

const inHeaders: Record<string, string | string[]>[] = [
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application/jsonp' },
  { 'content-type': 'multipart/form-data' },
  { 'content-type': 'multipart/form-data; boundary=' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': '' },
  { 'content-type': ';' },
  { 'content-encoding': 'gzip' },
  { 'transfer-encoding': 'chunked' },
  { 'idempotency-key': '' },
  { 'idempotency-key': 'k'.repeat(201) },
  { 'idempotency-key': '\xff\xfe' },
  { authorization: '' },
  { authorization: 'Bearer' },
  { authorization: 'Bearer \xff' },
  { authorization: 'Basic Og==' },
  { authorization: `Bearer ${'x'.repeat(10_000)}` },
  { cookie: 'leadgate=' },
  { cookie: 'leadgate=%00; leadgate=x; =; ;' },
  { cookie: '\xff=\xfe' },
  { 'x-forwarded-for': 'unknown, ::1, 999.1.1.1, [::1]:80, ' },
  { 'x-forwarded-for': ','.repeat(5_000) },
  { 'x-forwarded-proto': 'https, http' },
  { 'x-forwarded-host': 'evil.example' },
  { host: 'evil.example' },
  { origin: 'null' },
  { origin: 'http://' },
  { accept: '\xff' },
  { 'accept-encoding': 'gzip;q=x, , *;q=0' },
  { 'accept-language': 'x'.repeat(5_000) },
  { 'x-request-id': '\x09<script>' },
  { range: 'bytes=0-,5-1' },
  { 'if-none-match': '"'.repeat(100) },
  { expect: '100-continue' },
];

/** One of the many ways in which a request can be wrong. */
export const spoils: fc.Arbitrary<Spoil> = fc.oneof(
  fc.constantFrom(...bodies).map((body): Spoil => (raw) => ({ ...withJson(raw), body })),
  fc.tuple(fc.nat(), fc.constantFrom(...nonsense)).map(([at, value]): Spoil => (raw) => ({
    ...withJson(raw),
    body: withField(String(raw.body ?? '{}'), at, value),
  })),
  fc
    .tuple(
      fc.constantFrom('nonsense', '__proto__', 'constructor', 'toString', ''),
      fc.constantFrom(...nonsense),
    )
    .map(([name, value]): Spoil => (raw) => ({
      ...withJson(raw),
      body: withMore(String(raw.body ?? '{}'), name, value),
    })),
  fc.jsonValue({ maxDepth: 3 }).map((value): Spoil => (raw) => ({
    ...withJson(raw),
    body: JSON.stringify(value),
  })),
  fc.integer({ min: 1, max: 40 }).map((cut): Spoil => (raw) => ({
    ...raw,
    body: String(raw.body ?? '').slice(0, -cut),
  })),
  fc.constantFrom(...inPaths).map((part): Spoil => (raw) => ({ ...raw, path: withPart(raw.path, part) })),
  fc.constantFrom(...inQueries).map((query): Spoil => (raw) => ({
    ...raw,
    path: `${raw.path}${raw.path.includes('?') ? '&' : '?'}${query}`,
  })),
  fc.constantFrom(...inHeaders).map((more): Spoil => (raw) => ({
    ...raw,
    headers: { ...raw.headers, ...more },
  })),
);

function withJson(raw: RawRequest): RawRequest {
  return { ...raw, headers: { ...raw.headers, ...json } };
}

/** One of its fields, at any depth, becomes something else. */
function withField(body: string, at: number, value: string): string {
  const fields = [...body.matchAll(/"[a-z_]+":(?:"(?:[^"\\]|\\.)*"|[-\d.e]+|true|false|null)/g)];
  const field = fields[at % Math.max(1, fields.length)];
  if (field === undefined) return value;
  const name = field[0].slice(0, field[0].indexOf(':') + 1);
  return body.slice(0, field.index) + name + value + body.slice(field.index + field[0].length);
}

function withMore(body: string, name: string, value: string): string {
  const more = `${JSON.stringify(name)}:${value}`;
  return body.startsWith('{') ? `{${more}${body === '{}' ? '' : ','}${body.slice(1)}` : `{${more}}`;
}

/** The first id of the path, or what follows it, is something else. */
function withPart(path: string, part: string): string {
  const [way = '', query] = path.split('?');
  const parts = way.split('/');
  const at = parts.findIndex((one) => /^\d+$/.test(one));
  if (at === -1) parts.push(part);
  else parts[at] = part;
  return parts.join('/') + (query === undefined ? '' : `?${query}`);
}
