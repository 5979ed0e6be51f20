import fc from 'fast-check';

/** What of a JSON Schema the document uses for what comes in. */
export type Schema = {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema;
  enum?: unknown[];
  anyOf?: Schema[];
  format?: string;
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
};

/** By the name of a field: what its schema cannot say. null: it is left out. */
export type Meanings = Record<string, fc.Arbitrary<unknown> | null>;

const MOST_ITEMS = 5;
const LONGEST = 300;

// Alphabets, directions, joiners and what looks like markup or like a statement.
const oddities = [
  '<script>alert(1)</script>',
  "'); --",
  '%s%n {{7*7}} ${1}',
  '😀👩‍👩‍👧‍👦',
  'שלום ‮right to left',
  'a\u0301\u200b\ufeff',
  '__proto__',
  'null',
  '../../etc/passwd',
  'line\r\nx-header: 1',
];

/** Text that every database can hold, and that is not blank. */
export function words(minLength = 1, maxLength = LONGEST): fc.Arbitrary<string> {
  const size = { minLength, maxLength: Math.min(maxLength, LONGEST) };
  return fc
    .oneof(fc.string({ ...size, unit: 'binary' }), fc.string(size), fc.constantFrom(...oddities))
    .map((text) => text.replaceAll('\0', '0').toWellFormed())
    .filter((text) => text.trim() !== '' && text.length >= minLength && text.length <= maxLength);
}

/** Input that the schema allows. */
export function arbitraryOf(schema: Schema, meanings: Meanings): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => arbitraryOf(one, meanings)));
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => arbitraryOf({ ...schema, type }, meanings)));
  switch (schema.type) {
    case 'object':
      return objectOf(schema, meanings);
    case 'array':
      return arrayOf(schema, meanings);
    case 'string':
      return stringOf(schema);
    case 'integer':
      return fc.integer({
        min: schema.minimum ?? 1,
        max: Math.min(schema.maximum ?? 2 ** 31 - 1, 2 ** 31 - 1),
      });
    case 'number':
      return fc.double({ min: schema.minimum ?? 0.01, max: schema.maximum ?? 1e6, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case undefined:
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectOf(schema: Schema, meanings: Meanings): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const named = Object.entries(properties).filter(([name]) => meanings[name] !== null);
  const fields = Object.fromEntries(
    named.map(([name, field]) => [name, meanings[name] ?? arbitraryOf(field, meanings)]),
  );
  const own = fc.record(fields, {
    requiredKeys: required.filter((name) => name in fields),
    noNullPrototype: true,
  });
  if (typeof additionalProperties !== 'object') return own;
  return fc.dictionary(fc.constantFrom('en', 'ru', 'pt-br'), arbitraryOf(additionalProperties, meanings), {
    noNullPrototype: true,
  });
}

/** No two items speak of the same thing. */
function arrayOf({ items = {}, minItems = 0 }: Schema, meanings: Meanings): fc.Arbitrary<unknown> {
  return fc.uniqueArray(arbitraryOf(items, meanings), {
    minLength: minItems,
    maxLength: MOST_ITEMS,
    selector: (item) =>
      JSON.stringify(item, (key, value: unknown) => (key === '' || key.endsWith('_id') ? value : undefined)),
  });
}

function stringOf({ format, pattern, minLength, maxLength }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') {
    const day = 86_400_000;
    return fc.integer({ min: -30 * day, max: 0 }).map((ago) => new Date(Date.now() + ago).toISOString());
  }
  if (pattern !== undefined && pattern !== '^[^\\0]*$') return fc.stringMatching(new RegExp(pattern));
  return words(minLength, maxLength);
}
