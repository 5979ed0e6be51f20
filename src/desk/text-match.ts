/**
 * A case-insensitive "contains" for MikroORM. `$re` would let the caller write patterns; here `%`, `_` and `\` stand
 * for themselves.
 */
export function textMatch(q: string): { $ilike: string } {
  return { $ilike: `%${q.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%` };
}
