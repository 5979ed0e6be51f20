import { createHash } from 'node:crypto';
import type { ContactCreate, OpenedContact } from '../contract/contact.ts';
import type { ContactId } from '../contract/ids.ts';
import { Contact } from '../store/entities/contact.ts';
import { Decision } from '../store/entities/decision.ts';
import { type Actor, actorLabel, credentialLabel } from './actor.ts';
import { findChannel } from './channels.ts';
import type { Desk } from './desk.ts';
import { Problem } from '../problem.ts';
import { authorize, reachOf, sees } from './policy.ts';
import { sightOf } from './sight.ts';
import { contactView, decisionView } from './views.ts';

/**
 * Opens a new contact and routes it; nobody eligible leaves it waiting. Resolves after COMMIT. With a key, the same
 * body again answers the same contact (`created` is false). Throws Problem('forbidden'), Problem('not-found') for an
 * unknown source, Problem('idempotency-mismatch'), Problem('overloaded') or Problem('unavailable').
 */
export async function openContact(
  desk: Desk,
  actor: Actor,
  input: ContactCreate,
  idempotencyKey: string | null,
): Promise<{ contact: OpenedContact; created: boolean }> {
  authorize(actor, 'contact.create');
  const { source_id: id, source_code: code, external_id: externalId } = input;
  const source = await findChannel(desk, id === undefined ? { code: code! } : { id });
  if (source === null) throw new Problem('not-found', { detail: `There is no source ${id ?? code}.` });
  const outcome = await desk.arrivals.submit({
    kind: 'contact',
    opening: {
      actor,
      sourceId: source.id,
      lead: {
        externalId,
        name: input.name ?? null,
        phone: input.phone ?? null,
        email: input.email ?? null,
        language: input.language ?? null,
      },
      text: input.text ?? null,
      idempotency: idempotencyKey === null ? null : namedRequest(actor, idempotencyKey, input),
    },
  });
  switch (outcome.kind) {
    case 'contact':
      return { contact: await toldTo(desk, actor, outcome.contact, input), created: true };
    case 'repeated-contact': {
      const contact = await findOpened(desk, outcome.contactId);
      return { contact: await toldTo(desk, actor, contact, input), created: false };
    }
    case 'message':
      throw new Error('a contact was answered as a message');
  }
}

/** Who does not see the contact hears what became of it, and of the lead nothing but its own words. */
async function toldTo(
  desk: Desk,
  actor: Actor,
  contact: OpenedContact,
  input: ContactCreate,
): Promise<OpenedContact> {
  if (await isSeenBy(desk, actor, contact)) return contact;
  return {
    ...contact,
    text: input.text ?? null,
    lead: { ...contact.lead, name: input.name ?? null },
    last_message: null,
    decision: { ...contact.decision, candidates: [], runner_up: null },
  };
}

async function isSeenBy(desk: Desk, actor: Actor, contact: OpenedContact): Promise<boolean> {
  const reach = reachOf(actor, 'contact.see');
  if (reach === null || reach === 'any') return reach === 'any';
  const { operator_id: operatorId, status, source_id: sourceId } = contact;
  return sees(await sightOf(desk.store.em(), actor), { operatorId, status, sourceId });
}

function namedRequest(actor: Actor, key: string, input: ContactCreate) {
  return {
    credential: keyHolder(actor),
    key,
    bodyHash: createHash('sha256').update(canonicalJson(input)).digest('hex'),
  };
}

/** Whose keys they are. Those of a person outlast a session: a repeat may come after the next sign-in. */
function keyHolder(actor: Actor): string {
  if (actor.kind !== 'caller') return actor.kind;
  return actor.credential.kind === 'session' ? actorLabel(actor) : credentialLabel(actor.credential);
}

/** The same text for the same fields, whatever their order (RFC 8785 for flat objects of strings and numbers). */
function canonicalJson(input: ContactCreate): string {
  return JSON.stringify(Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function findOpened(desk: Desk, id: ContactId): Promise<OpenedContact> {
  const em = desk.store.em();
  const contact = await em.findOneOrFail(Contact, { id }, { populate: ['lead', 'source', 'operator'] });
  const decision = await em.findOneOrFail(Decision, { contact: id }, { orderBy: { id: 'asc' } });
  return { ...contactView(contact), decision: decisionView(decision) };
}
