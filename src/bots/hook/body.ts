import { Problem } from '../../problem.ts';

/**
 * Reads the body of a hook, JSON or a form, into a JSON value. Raises `Problem` `bad-json`, `bad-form`,
 * `unsupported-media-type`. Bytes that are not UTF-8 become U+FFFD.
 */
export async function readHookBody(contentType: string | null, rawBody: Uint8Array): Promise<unknown> {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === '' || type === 'application/json' || type === 'text/json' || type.endsWith('+json'))
    return readJson(new TextDecoder().decode(rawBody));
  if (type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data')
    return readForm(contentType ?? '', rawBody);
  throw new Problem('unsupported-media-type');
}

function readJson(text: string): unknown {
  try {
    // Ids beyond 2^53 would come out rounded, and two people would be one: they stay the digits they are.
    return /\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch {
    throw new Problem('bad-json');
  }
}

function exactly(_name: string, value: unknown, context?: { source?: string }): unknown {
  const isRounded = typeof value === 'number' && !Number.isSafeInteger(value);
  return isRounded && /^-?\d+$/.test(context?.source ?? '') ? context?.source : value;
}

async function readForm(contentType: string, rawBody: Uint8Array): Promise<unknown> {
  const form = await new Response(Buffer.from(rawBody), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => {
      throw new Problem('bad-form');
    });
  const fields: [string, unknown][] = [];
  for (const [name, value] of form)
    fields.push([name, typeof value === 'string' ? value : await readFile(value)]);
  const { attachments, ...rest } = Object.fromEntries(fields);
  return attachments === undefined ? rest : { ...rest, attachments: listIn(attachments) };
}

async function readFile(file: File): Promise<unknown> {
  const content = Buffer.from(await file.arrayBuffer()).toString('base64');
  return { kind: 'file', name: file.name, mime_type: file.type, size: file.size, content };
}

// A form has no lists: one may stand in it as JSON.
function listIn(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
