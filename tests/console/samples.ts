import type { Outgoing } from '../../console/src/state/outbox.ts';
import { Contact, TrailStep } from '../../src/contract/contact.ts';
import { GatewayEvent } from '../../src/contract/event.ts';
import { ContactId, OperatorId } from '../../src/contract/ids.ts';
import { Message } from '../../src/contract/message.ts';
import { Operator } from '../../src/contract/operator.ts';
import { Source } from '../../src/contract/source.ts';

/** The time of day as a timestamp of the day all samples play on. */
export function at(time: string): string {
  return `2026-11-20T${time.length === 5 ? `${time}:00` : time}.000Z`;
}

export const anna = OperatorId.parse(1);
export const boris = OperatorId.parse(2);
const names = new Map([
  [anna, 'Anna'],
  [boris, 'Boris'],
]);

type Given<T> = { [Key in keyof T]?: unknown };

/** A contact in the queue, or with the operator that is given. */
export function contactOf(given: Given<Contact> = {}): Contact {
  const holder = OperatorId.nullish().parse(given.operator_id) ?? null;
  return Contact.parse({
    id: 7,
    lead_id: 5,
    source_id: 3,
    operator_id: null,
    status: holder === null ? 'waiting' : 'assigned',
    text: 'Hello',
    created_at: at('10:00'),
    assigned_at: holder === null ? null : at('10:01'),
    closed_at: null,
    close_reason: null,
    version: 1,
    lead: { id: 5, external_id: 'tg:5', name: 'Maria' },
    source: { id: 3, code: 'shop', name: 'Shop' },
    operator: holder === null ? null : { id: holder, name: names.get(holder) },
    last_message: null,
    unreachable: null,
    offer_expires_at: null,
    erased_at: null,
    ...given,
  });
}

/** What the lead says, or a reply of an operator. */
export function messageOf(given: Given<Message> = {}): Message {
  return Message.parse({
    id: 11,
    contact_id: 7,
    author: 'lead',
    operator_id: null,
    text: 'Hello',
    attachments: [],
    status: null,
    error: null,
    client_id: null,
    external_id: null,
    reply_to: null,
    sent_at: null,
    edited_at: null,
    created_at: at('10:00'),
    ...given,
  });
}

export function replyOf(given: Given<Message> = {}): Message {
  return messageOf({ id: 12, author: 'operator', operator_id: anna, status: 'queued', ...given });
}

export function operatorOf(given: Given<Operator> = {}): Operator {
  return Operator.parse({
    id: anna,
    name: 'Anna',
    email: null,
    role: 'operator',
    is_active: true,
    availability: 'available',
    presence: 'online',
    max_load: 5,
    load: 0,
    created_at: at('09:00'),
    updated_at: at('09:00'),
    ...given,
  });
}

export function stepOf(given: Given<TrailStep> = {}): TrailStep {
  return TrailStep.parse({
    id: 21,
    at: at('10:00'),
    type: 'contact.assigned',
    actor: 'routing',
    reason: null,
    from: { operator_id: null },
    to: { operator_id: anna, status: 'assigned' },
    ...given,
  });
}

export function outgoingOf(
  given: Partial<Omit<Outgoing, 'contactId'>> & { contactId?: number } = {},
): Outgoing {
  const { contactId = 7, ...rest } = given;
  return {
    clientId: 'first',
    kind: 'reply',
    text: 'Yes',
    replyTo: null,
    writtenAt: at('10:05'),
    state: { kind: 'waiting' },
    ...rest,
    contactId: ContactId.parse(contactId),
  };
}

export function sourceOf(given: Given<Source> = {}): Source {
  return Source.parse({
    id: 3,
    name: 'Shop',
    code: 'shop',
    kind: 'telegram',
    is_active: true,
    strategy: 'weighted_random',
    return_policy: { kind: 'route' },
    require_presence: false,
    priority: 0,
    reopen_minutes: 0,
    offer_seconds: 0,
    on_offline: 'keep',
    greeting: null,
    greetings: {},
    queue_notice: null,
    queue_notices: {},
    retention_days: null,
    telegram: { mode: 'polling', bot_username: 'shop_bot', token_hint: 'wxyz', api_root: null },
    created_at: at('09:00'),
    updated_at: at('09:00'),
    ...given,
  });
}

let told = 0;

/** An event as the gateway tells it, with the next cursor. */
export function eventOf(type: GatewayEvent['type'], data: unknown): GatewayEvent {
  told += 1;
  return GatewayEvent.parse({ cursor: `cursor-${told}`, type, at: at('10:00'), data });
}
