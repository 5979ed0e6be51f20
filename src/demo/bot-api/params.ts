import type { IncomingMessage } from 'node:http';
import { badRequest, Refusal } from './refusal.ts';

/** The parameters of a call: the address's query and the body, as JSON or as a form. */
export type Params = Record<string, unknown>;

/** A file that came with a form. */
export type Upload = { readonly name: string; readonly mimeType: string; readonly bytes: Uint8Array };

// Telegram takes files up to 50 MB, and cuts a call off beyond that.
const maxBodyBytes = 51 * 1024 * 1024;

export async function readParams(request: IncomingMessage, query: URLSearchParams): Promise<Params> {
  const params: Params = Object.fromEntries(query);
  const type = request.headers['content-type'] ?? '';
  const body = await bodyOf(request);
  if (body.length === 0) return params;
  if (type.startsWith('application/json')) {
    const parsed: unknown = parse(body.toString());
    if (typeof parsed !== 'object' || parsed === null) throw badRequest('object expected');
    return { ...params, ...parsed };
  }
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => {
    throw badRequest('the body is neither JSON nor a form');
  });
  for (const [name, value] of form) params[name] = typeof value === 'string' ? value : await uploadIn(value);
  return params;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    // The rest is read and dropped: an answer to somebody who still writes would be lost.
    if (size <= maxBodyBytes) chunks.push(chunk as Buffer);
  }
  if (size > maxBodyBytes) throw new Refusal(413, 'Request Entity Too Large');
  return Buffer.concat(chunks);
}

async function uploadIn(file: File): Promise<Upload> {
  return { name: file.name, mimeType: file.type, bytes: new Uint8Array(await file.arrayBuffer()) };
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

/** True as JSON says it, or as a form can. */
export function isSet(params: Params, name: string): boolean {
  return params[name] === true || /^(?:true|1|yes)$/i.test(textOf(params, name));
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

/** The file under this name, itself or by `attach://<other name>`. */
export function uploadOf(params: Params, name: string): Upload | null {
  const value = params[name];
  if (typeof value === 'string' && value.startsWith('attach://'))
    return uploadOf({ it: params[value.slice('attach://'.length)] }, 'it');
  return isUpload(value) ? value : null;
}

function isUpload(value: unknown): value is Upload {
  return typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array;
}
