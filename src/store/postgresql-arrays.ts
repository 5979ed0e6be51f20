/** How one type of PostgreSQL travels as bytes; values are never null here. */
type Format = {
  oid: number;
  size: (value: never) => number;
  write: (bytes: Buffer, value: never, at: number) => void;
};

const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

function writeInt64(bytes: Buffer, value: number, at: number): void {
  const high = Math.floor(value / 2 ** 32);
  bytes.writeInt32BE(high, at);
  bytes.writeUInt32BE(value - high * 2 ** 32, at + 4);
}

/**
 * The types of columns, as their `…recv` functions in PostgreSQL's source read them (src/backend/utils/adt): a
 * timestamptz is in microseconds since 2000, a jsonb is its text behind the version of the format.
 */
const formats = {
  int8: { oid: 20, size: () => 8, write: writeInt64 },
  int4: { oid: 23, size: () => 4, write: (bytes, value: number, at) => bytes.writeInt32BE(value, at) },
  float8: { oid: 701, size: () => 8, write: (bytes, value: number, at) => bytes.writeDoubleBE(value, at) },
  bool: { oid: 16, size: () => 1, write: (bytes, value: boolean, at) => bytes.writeUInt8(Number(value), at) },
  timestamptz: {
    oid: 1184,
    size: () => 8,
    write: (bytes, value: Date, at) => writeInt64(bytes, (value.getTime() - POSTGRES_EPOCH_MS) * 1000, at),
  },
  text: {
    oid: 25,
    size: (value: string) => Buffer.byteLength(value),
    write: (bytes, value: string, at) => bytes.write(value, at),
  },
  json: {
    oid: 114,
    size: (value: string) => Buffer.byteLength(value),
    write: (bytes, value: string, at) => bytes.write(value, at),
  },
  jsonb: {
    oid: 3802,
    size: (value: string) => 1 + Buffer.byteLength(value),
    write: (bytes, value: string, at) => {
      bytes.writeUInt8(1, at);
      bytes.write(value, at + 1);
    },
  },
} satisfies Record<string, Format>;

export type ArrayType = keyof typeof formats;

const WORD = 4;
const NULL = -1;

/**
 * The values of a column as the bytes of an array (array_recv in arrayfuncs.c): as text each of them would be escaped
 * here and looked through there, one character after the other. JSON is given as its text.
 */
export function arrayOf(type: ArrayType, values: readonly unknown[]): Buffer {
  const { oid, size, write } = formats[type] as Format;
  const sizes = values.map((value) => (value === null ? NULL : size(value as never)));
  const head = [1, Number(sizes.includes(NULL)), oid, values.length, 1];
  const total = sizes.reduce((sum, one) => sum + WORD + Math.max(0, one), WORD * head.length);
  const bytes = Buffer.allocUnsafe(total);
  let at = 0;
  for (const word of head) at = bytes.writeInt32BE(word, at);
  for (const [index, value] of values.entries()) {
    at = bytes.writeInt32BE(sizes[index]!, at);
    if (value === null) continue;
    write(bytes, value as never, at);
    at += sizes[index]!;
  }
  return bytes;
}
