import type { SqlEntityManager } from '@mikro-orm/sql';
import type { ContactId } from '../contract/ids.ts';
import { Problem } from '../problem.ts';
import { Contact } from '../store/entities/contact.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { authorize, type ContactAction, type ContactStanding, mayActOn, sees, type Sight } from './policy.ts';
import { sightOf } from './sight.ts';

const WITH = ['lead', 'source', 'operator'] as const;

export type LoadedContact = Awaited<ReturnType<typeof load>> & object;

// With `refresh` the library asks for the lead once more by itself: it may be joined into another meanwhile, so that is
// for contacts that are locked.
function load(em: SqlEntityManager, id: ContactId, { refresh }: { refresh: boolean }) {
  return em.findOne(Contact, { id }, { populate: WITH, refresh });
}

/** What the policy looks at. */
export function standingOf(contact: LoadedContact): ContactStanding {
  return { operatorId: contact.operator?.id ?? null, status: contact.status, sourceId: contact.source.id };
}

/** Whether nothing is left of what was said in it, or soon will be: nothing more is said there. */
export function isErased({ erasedAt, lead }: LoadedContact): boolean {
  return Boolean(erasedAt ?? lead.erasedAt);
}

/** The contact, if the actor sees it; for who only looks. Throws Problem('not-found'). */
export async function findContact(em: SqlEntityManager, actor: Actor, id: ContactId): Promise<LoadedContact> {
  authorize(actor, 'contact.see');
  const contact = await load(em, id, { refresh: false });
  if (contact === null || !sees(await sightOf(em, actor), standingOf(contact)))
    throw new Problem('not-found');
  return contact;
}

/** The contact, locked, whoever may see it; for verbs that answer for it themselves. Throws Problem('not-found'). */
export async function lockContact(tx: Tx, id: ContactId): Promise<LoadedContact> {
  await tx.sql.lockContacts([id]);
  const contact = await load(tx.em, id, { refresh: true });
  if (contact === null) throw new Problem('not-found');
  return contact;
}

/**
 * The contact, locked, for an actor that wants to do this to it.
 * Throws Problem('not-found') when the actor does not see it, Problem('forbidden') when it may not do this.
 */
export async function lockContactFor(
  tx: Tx,
  actor: Actor,
  action: ContactAction,
  id: ContactId,
): Promise<{ contact: LoadedContact; sight: Sight }> {
  authorize(actor, action);
  const contact = await lockContact(tx, id);
  const sight = await sightOf(tx.em, actor);
  const standing = standingOf(contact);
  if (!sees(sight, standing)) throw new Problem('not-found');
  if (!mayActOn(actor, sight, action, standing)) throw new Problem('forbidden');
  return { contact, sight };
}
