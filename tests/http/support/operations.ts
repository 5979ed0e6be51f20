import type { Document } from '../../support/document-check.ts';
import type { TestApp } from '../../support/http.ts';
import { examples } from './examples.ts';
import type { Schema } from './arbitrary.ts';
import type { Kind } from './floor.ts';
import { mayByRest, operationOf } from './may.ts';

/** One operation of the document, with what each id of its path names. */
export type Operation = {
  id: string;
  method: string;
  path: string;
  ids: { name: string; kind: Kind }[];
  /** A body that is good in itself. */
  body: unknown;
  /** What may be asked for, and what the body may hold. */
  query: { name: string; schema: Schema }[];
  schema: Schema | undefined;
};

const kinds: Record<string, Kind> = {
  operators: 'operator',
  operator_id: 'operator',
  sources: 'source',
  contacts: 'contact',
  messages: 'message',
  leads: 'lead',
  tokens: 'token',
  sessions: 'session',
};

/** Every operation that the running gateway says it has. */
export async function operationsOf(app: TestApp): Promise<Operation[]> {
  const document = (await (await fetch(`${app.url}/openapi.json`)).json()) as Document;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([name, { operationId: id, parameters = [], requestBody }]) => {
      const method = name.toUpperCase();
      const query = parameters.filter((one) => one.in === 'query');
      const schema = requestBody?.content['application/json']?.schema as Schema | undefined;
      return { id, method, path, ids: idsIn(path), body: bodyOf(method, path), query, schema };
    }),
  );
}

/** Those of the policy's lines that are asked with a credential, under the names of the lines. */
export function linesOf(operations: readonly Operation[]): [name: string, operation: Operation][] {
  return Object.keys(mayByRest).flatMap((name) => {
    const operation = operations.find(({ id }) => id === operationOf(name));
    return operation === undefined ? [] : [[name, operation] as [string, Operation]];
  });
}

function idsIn(path: string): Operation['ids'] {
  return [...path.matchAll(/\/(\w+)\/\{(\w+)\}/g)].flatMap(([, before, name]) => {
    const kind = kinds[name!] ?? kinds[before!];
    return kind === undefined ? [] : [{ name: name!, kind }];
  });
}

function bodyOf(method: string, path: string): unknown {
  const shape = shapeOf(path);
  return examples.find((one) => one.method === method && shapeOf(`/api/v1${one.path}`) === shape)?.body;
}

function shapeOf(path: string): string {
  return path.replaceAll(/\{\w+\}/g, '{}');
}

/** The path with these in the places of its ids. */
export function filledPath({ path, ids }: Operation, values: readonly (number | null)[]): string {
  return ids.reduce((filling, { name }, index) => filling.replace(`{${name}}`, String(values[index])), path);
}
