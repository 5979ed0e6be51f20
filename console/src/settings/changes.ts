/** One thing that an entry of the audit log says was changed; null for what is not there. */
export type Change = { name: string; before: string | null; after: string | null };

/** Before and after, side by side, by the path of each field; what is the same in both is left out. */
export function changesIn(before: unknown, after: unknown): Change[] {
  const [old, present] = [flatten(before), flatten(after)];
  const names = new Set([...old.keys(), ...present.keys()]);
  const changes = [...names].map((name) => ({
    name,
    before: old.get(name) ?? null,
    after: present.get(name) ?? null,
  }));
  return changes.filter(({ before: was, after: is }) => was !== is);
}

function flatten(value: unknown, path = ''): Map<string, string> {
  if (value === null || value === undefined) return new Map();
  const isLeaf = typeof value !== 'object' || Object.keys(value).length === 0;
  if (isLeaf) return new Map([[path, typeof value === 'string' ? value : JSON.stringify(value)]]);
  return new Map(
    Object.entries(value).flatMap(([name, part]) => [
      ...flatten(part, path === '' ? name : `${path}.${name}`),
    ]),
  );
}
