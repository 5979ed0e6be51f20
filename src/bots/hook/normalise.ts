import { HookMessage, UNWRITTEN } from '../../contract/hook.ts';
import { valueAt } from '../../contract/pointer.ts';
import { HookField, type HookMapping } from '../../contract/source.ts';
import { storable } from '../../contract/text.ts';
import type { MessageArrival } from '../../desk/arrival.ts';
import type { Channel } from '../../desk/channels.ts';
import { Problem } from '../../problem.ts';
import { storableRaw } from '../raw.ts';
import { attachmentsOf } from './attachments.ts';

/**
 * From the words of a foreign system to ours. Raises `Problem` `invalid` where no lead is named; nothing else that
 * a body may hold is refused.
 */
export function normaliseHook(
  channel: Channel,
  body: unknown,
  { headers, rawBody }: { headers: Headers; rawBody: Uint8Array },
): MessageArrival {
  const mapping = channel.webhook?.mapping ?? {};
  const read = HookMessage.safeParse(fieldsOf(body, mapping));
  if (!read.success) {
    const errors = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    throw new Problem('invalid', { errors });
  }
  const { external_id: externalId, id, text, name, phone, email, language, attachments } = read.data;
  return {
    sourceId: channel.id,
    externalId: id ?? headerOf(headers, 'webhook-id') ?? headerOf(headers, 'idempotency-key'),
    lead: { externalId, name, phone, email, language },
    chat: null,
    text,
    attachments: attachmentsOf(attachments),
    sentAt: null,
    replyTo: null,
    raw:
      text === UNWRITTEN || saysMore(body, mapping)
        ? storableRaw(body, () => new TextDecoder().decode(rawBody))
        : null,
  };
}

/** Our fields, each from where the mapping says; one that is not mapped stands under its own name. */
function fieldsOf(body: unknown, mapping: HookMapping): Record<string, unknown> {
  return Object.fromEntries(
    HookField.options.map((field) => [field, valueAt(body, mapping[field] ?? `/${field}`)]),
  );
}

function headerOf(headers: Headers, name: string): string | null {
  const value = headers.get(name);
  return value === null || value.trim() === '' ? null : storable(value);
}

/** Whether the body holds more than the arrival says. */
function saysMore(body: unknown, mapping: HookMapping): boolean {
  if (typeof body !== 'object' || body === null || Object.keys(mapping).length > 0) return true;
  const known: readonly string[] = HookField.options;
  return 'attachments' in body || Object.keys(body).some((name) => !known.includes(name));
}
