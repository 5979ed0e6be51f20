import type { ContactId, MessageId } from '../../../src/contract/ids.ts';
import type { Message } from '../../../src/contract/message.ts';
import type { ProblemCode } from '../../../src/contract/problem.ts';

export type MessageKind = 'reply' | 'note';

/** A message that the gateway has not yet said it keeps. `client_id` makes sending it again harmless. */
export type Outgoing = {
  clientId: string;
  contactId: ContactId;
  kind: MessageKind;
  text: string;
  replyTo: MessageId | null;
  writtenAt: string;
  /**
   * `waiting`: to be sent, or sent without an answer. `refused`: the gateway said no, and why. `unclear`: it
   * answered, but not in words that tell whether the message is kept.
   */
  state: { kind: 'waiting' } | { kind: 'refused'; code: ProblemCode } | { kind: 'unclear' };
};

export type Outbox = readonly Outgoing[];

export type OutboxAction =
  | { type: 'written'; outgoing: Outgoing }
  | { type: 'refused'; clientId: string; code: ProblemCode }
  | { type: 'misanswered'; clientId: string }
  | { type: 'kept'; messages: readonly Pick<Message, 'client_id'>[] }
  | { type: 'retried'; clientId: string }
  | { type: 'dropped'; clientId: string };

/** The outbox after an action. A kept message leaves it, whoever tells first: the answer or the event. */
export function reduceOutbox(outbox: Outbox, action: OutboxAction): Outbox {
  switch (action.type) {
    case 'written':
      return [...outbox, action.outgoing];
    case 'refused':
      return withState(outbox, action.clientId, { kind: 'refused', code: action.code });
    case 'misanswered':
      return withState(outbox, action.clientId, { kind: 'unclear' });
    case 'kept': {
      const kept = new Set(action.messages.map((message) => message.client_id));
      const left = outbox.filter((outgoing) => !kept.has(outgoing.clientId));
      return left.length === outbox.length ? outbox : left;
    }
    case 'retried':
      // Under the same id: what may have been kept is not said twice, and a refused id was not used up.
      return withState(outbox, action.clientId, { kind: 'waiting' });
    case 'dropped':
      return outbox.filter((outgoing) => outgoing.clientId !== action.clientId);
  }
}

function withState(outbox: Outbox, clientId: string, state: Outgoing['state']): Outbox {
  return outbox.map((outgoing) => (outgoing.clientId === clientId ? { ...outgoing, state } : outgoing));
}

/** The next one to send of each contact: the words of one contact go out in the order they were written. */
export function nextToSend(outbox: Outbox): Outgoing[] {
  const seen = new Set<ContactId>();
  const next: Outgoing[] = [];
  for (const outgoing of outbox) {
    if (outgoing.state.kind !== 'waiting' || seen.has(outgoing.contactId)) continue;
    seen.add(outgoing.contactId);
    next.push(outgoing);
  }
  return next;
}
