import type { IncomingMessage } from 'node:http';
import { badRequest } from './refusal.ts';

/** The parameters of a call: the address's query and the body, as JSON or as a form. */
export type Params = Record<string, unknown>;

export async function readParams(request: IncomingMessage, query: URLSearchParams): Promise<Params> {
  const params: Params = Object.fromEntries(query);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (body.length === 0) return params;
  if (type.startsWith('application/json')) {
    const parsed: unknown = parse(body.toString());
    if (typeof parsed !== 'object' || parsed === null) throw badRequest('object expected');
    return { ...params, ...parsed };
  }
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => {
    throw badRequest('the body is neither JSON nor a form');
  });
  for (const [name, value] of form) if (typeof value === 'string') params[name] = value;
  return params;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("can't parse JSON");
  }
}

export function textOf(params: Params, name: string): string {
  const value = params[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function integerOf(params: Params, name: string, whenMissing: number): number {
  const value = Number(params[name] ?? whenMissing);
  if (!Number.isSafeInteger(value)) throw badRequest(`invalid ${name} specified`);
  return value;
}

/** A list or an object: as it is in JSON, or as JSON text in a form. */
export function structureOf(params: Params, name: string): unknown {
  const value = params[name];
  return typeof value === 'string' ? parse(value) : value;
}

export function wordsOf(params: Params, name: string): string[] | undefined {
  const value = structureOf(params, name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw badRequest(`can't parse ${name}`);
  return value.map(String);
}
