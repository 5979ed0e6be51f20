import {
  type ConfigFile,
  type ConfigOperator,
  type ConfigSource,
  operatorKey,
} from '../contract/config-file.ts';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import type { FieldError } from '../contract/problem.ts';
import { inOrder } from './config-entries.ts';
import type { PresentConfig } from './export-config.ts';

type Value = string | number | boolean | null;
type FieldChange = { path: string; before: Value; after: Value };
type WeightChange = { key: string; before: number | null; after: number };

/** `id` is null for what is not in the database yet. */
export type OperatorChange = {
  id: OperatorId | null;
  key: string;
  entry: ConfigOperator;
  fields: FieldChange[];
};
export type SourceChange = {
  id: SourceId | null;
  entry: ConfigSource;
  fields: FieldChange[];
  weights: WeightChange[];
};

/** What the database has and the file does not name; nothing happens to it. */
export type Unnamed =
  | { kind: 'operator'; key: string }
  | { kind: 'source'; code: string }
  | { kind: 'weight'; code: string; key: string; weight: number };

/** The way from a configuration to that of a file; by key and by code, and only what changes. */
export type ConfigDiff = {
  operators: OperatorChange[];
  sources: SourceChange[];
  unnamed: Unnamed[];
  /** Why the file cannot be brought into this database; then nothing of the above may be done. */
  faults: FieldError[];
};

/** Compares; pure, so that what is shown is what is done. */
export function configDiff(present: PresentConfig, file: ConfigFile): ConfigDiff {
  const faults: FieldError[] = [];
  const named = new Set(file.operators.map(operatorKey));
  const known = new Set([...present.operators.map(({ key }) => key), ...named]);
  const before = new Map(present.sources.map((source) => [source.entry.code, source]));
  const sources = file.sources.map((entry, index) => {
    const path = `sources.${index}`;
    const own = before.get(entry.code);
    checkSource(own?.entry, entry, path, faults);
    const wanted = { ...entry, weights: knownWeights(entry.weights, known, `${path}.weights`, faults) };
    return sourceChange(own, wanted);
  });
  return {
    operators: operatorChanges(present, file),
    sources: sources
      .filter(({ id, fields, weights }) => id === null || fields.length + weights.length > 0)
      .sort((a, b) => inOrder(a.entry.code, b.entry.code)),
    unnamed: [
      ...present.operators
        .filter(({ key }) => !named.has(key))
        .map(({ key }) => ({ kind: 'operator' as const, key })),
      ...unnamedSources(present, sources),
    ],
    faults,
  };
}

/** How many changes a diff has, each of which is a line where it is shown. */
export function changeCount({ operators, sources }: ConfigDiff): number {
  const own = ({ id, fields }: OperatorChange | SourceChange) => (id === null ? 1 : fields.length);
  return [...operators.map(own), ...sources.map((source) => own(source) + source.weights.length)].reduce(
    (sum, count) => sum + count,
    0,
  );
}

function operatorChanges(present: PresentConfig, file: ConfigFile): OperatorChange[] {
  const before = new Map(present.operators.map((operator) => [operator.key, operator]));
  return file.operators
    .map((entry) => {
      const key = operatorKey(entry);
      const own = before.get(key);
      return {
        id: own?.id ?? null,
        key,
        entry,
        fields: own === undefined ? [] : fieldChanges(own.entry, entry),
      };
    })
    .filter(({ id, fields }) => id === null || fields.length > 0)
    .sort((a, b) => inOrder(a.key, b.key));
}

function sourceChange(own: PresentConfig['sources'][number] | undefined, entry: ConfigSource): SourceChange {
  const weights = [...entry.weights]
    .map(([key, after]) => ({ key, before: own?.entry.weights.get(key) ?? null, after }))
    .filter((change) => change.before !== change.after)
    .sort((a, b) => inOrder(a.key, b.key));
  return {
    id: own?.id ?? null,
    entry,
    fields: own === undefined ? [] : fieldChanges(own.entry, entry),
    weights,
  };
}

function unnamedSources(present: PresentConfig, wanted: readonly SourceChange[]): Unnamed[] {
  const entries = new Map(wanted.map(({ entry }) => [entry.code, entry]));
  return present.sources.flatMap(({ entry: { code, weights } }): Unnamed[] => {
    const entry = entries.get(code);
    if (entry === undefined) return [{ kind: 'source', code }];
    return [...weights]
      .filter(([key]) => !entry.weights.has(key))
      .map(([key, weight]) => ({ kind: 'weight', code, key, weight }));
  });
}

function checkSource(
  own: ConfigSource | undefined,
  { code, kind }: ConfigSource,
  path: string,
  faults: FieldError[],
): void {
  if (own === undefined && kind === 'telegram')
    faults.push({
      path,
      message: `source ${code} is not in the database, and a file holds no bot token: create it first, then import`,
    });
  if (own !== undefined && own.kind !== kind)
    faults.push({
      path: `${path}.kind`,
      message: `source ${code} is of kind ${own.kind}, which never changes`,
    });
}

/** The weights by the keys of the database; an e-mail address may be written in capitals. */
function knownWeights(
  weights: ConfigSource['weights'],
  known: ReadonlySet<string>,
  path: string,
  faults: FieldError[],
): ConfigSource['weights'] {
  const found: ConfigSource['weights'] = new Map();
  for (const [name, weight] of weights) {
    const key = known.has(name) ? name : name.toLowerCase();
    const isKnown = known.has(key) && (key === name || key.includes('@'));
    if (!isKnown) faults.push({ path: `${path}.${name}`, message: 'there is no such operator' });
    else if (found.has(key))
      faults.push({ path: `${path}.${name}`, message: 'this operator is named twice' });
    else found.set(key, weight);
  }
  return found;
}

function fieldChanges(
  before: ConfigOperator | ConfigSource,
  after: ConfigOperator | ConfigSource,
): FieldChange[] {
  const [was, is] = [valuesIn(before), valuesIn(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((path) => ({ path, before: was.get(path) ?? null, after: is.get(path) ?? null }))
    .filter((change) => change.before !== change.after);
}

/** The values of an entry by their paths; weights are compared for themselves. */
function valuesIn(entry: object, prefix = ''): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, value] of Object.entries(entry)) {
    if (value instanceof Map || value === undefined) continue;
    if (typeof value === 'object' && value !== null)
      for (const [path, inner] of valuesIn(value as object, `${prefix}${name}.`)) values.set(path, inner);
    else values.set(`${prefix}${name}`, value as Value);
  }
  return values;
}
