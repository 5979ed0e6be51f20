import { storable } from '../contract/text.ts';

const deepest = 200;

/**
 * What a channel brought, in a form that every database keeps as JSON: NUL stripped, broken surrogates replaced.
 * What is nested too deeply to be written again is kept as the text it came in.
 */
export function storableRaw(value: unknown, text: () => string = () => 'nested too deeply'): unknown {
  if (isDeeperThan(value, deepest)) return storable(text());
  const written = JSON.stringify(value) ?? 'null';
  // JSON.stringify escapes exactly what databases refuse; without such an escape the value is clean.
  return /\\u(?:0000|d[89a-f])/i.test(written) ? clean(value) : value;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [storable(name), clean(part)]));
}
