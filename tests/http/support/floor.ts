import type { Role } from '../../../src/contract/access.ts';
import type { Message } from '../../../src/contract/message.ts';
import type { Operator } from '../../../src/contract/operator.ts';
import { madeContact, madeOperator, madeSource, type TestApp } from '../../support/http.ts';
import { byCookie, byToken, hasSession, hasToken, type Proof } from './callers.ts';
import type { Asker, Standing } from './may.ts';

/** What ids in paths name. */
export type Kind = 'contact' | 'message' | 'lead' | 'operator' | 'source' | 'token' | 'session';

/** Somebody who asks, with what stands around them. */
export type Caller = Asker & {
  me: Operator;
  proof: Proof;
  /** Makes a thing that stands so to the caller; null: there is none that could. */
  make(kind: Kind, standing: Standing): Promise<number | null>;
  /** One that is made once, for those who only look, or are refused. */
  standing(kind: Kind, standing: Standing): Promise<number | null>;
};

const MISSING = 999_999_999;

let addresses = 0;
const traits = (role: Role) => ({
  role,
  email: `somebody-${++addresses}@example.com`,
  max_load: 10_000,
});

/** One floor with an operator of the role, a colleague on the same source, and a stranger on another. */
export async function openFloor(app: TestApp, role: Role) {
  const [me, colleague, stranger] = [
    await madeOperator(app, traits(role)),
    await madeOperator(app, traits('operator')),
    await madeOperator(app, traits('operator')),
  ];
  // Nobody is ever online: what comes waits until it is given by hand. What is answered has no way out.
  const kind = { kind: 'webhook', require_presence: true };
  const ours = await madeSource(app, kind, { [me.id]: 1, [colleague.id]: 1 });
  const theirs = await madeSource(app, kind, { [stranger.id]: 1 });
  const asMe = app.as((await hasToken(app, me.id)).secret);

  async function contactOf(standing: Exclude<Standing, 'missing'>): Promise<{ id: number; lead: number }> {
    const source = standing === 'foreign' ? theirs : ours;
    const { id, lead_id: lead } = await madeContact(app, source.id);
    const holders = { own: me, colleague, foreign: stranger, queue: null };
    const holder = holders[standing];
    if (holder !== null)
      await app.admin('POST', `/contacts/${id}/assign`, { body: { operator_id: holder.id } });
    return { id, lead };
  }

  async function messageOf(standing: Exclude<Standing, 'missing'>): Promise<number> {
    const { id } = await contactOf(standing);
    if (standing === 'own') {
      const { json } = await asMe<Message>('POST', `/contacts/${id}/messages`, { body: { text: 'hi' } });
      return json.id;
    }
    const { json } = await app.admin<{ items: Message[] }>('GET', `/contacts/${id}/messages`);
    return json.items[0]!.id;
  }

  async function operatorOf(standing: Standing): Promise<number | null> {
    if (standing === 'own') return me.id;
    if (standing === 'queue') return null;
    const { id } = await madeOperator(app, traits('operator'));
    const body = { operator_weights: [{ operator_id: id, weight: 1 }] };
    if (standing === 'colleague') await app.admin('PATCH', `/sources/${ours.id}/operators`, { body });
    return id;
  }

  async function make(kindOf: Kind, standing: Standing): Promise<number | null> {
    if (standing === 'missing') return MISSING;
    const owners = { own: me, colleague, foreign: stranger, queue: null };
    const owner = owners[standing];
    switch (kindOf) {
      case 'contact':
        return (await contactOf(standing)).id;
      case 'lead':
        return (await contactOf(standing)).lead;
      case 'message':
        return messageOf(standing);
      case 'operator':
        return operatorOf(standing);
      case 'source':
        if (standing === 'colleague' || standing === 'queue') return null;
        return (await madeSource(app, { kind: 'webhook' }, { [owner!.id]: 1 })).id;
      case 'token':
        return owner && (await hasToken(app, owner.id)).id;
      case 'session':
        return owner && (await hasSession(app, owner.id)).id;
    }
  }

  const made = new Map<string, Promise<number | null>>();

  function caller(asker: Asker, proof: Proof): Caller {
    return {
      ...asker,
      me,
      proof,
      make,
      standing(kindOf, standing) {
        const name = `${kindOf} ${standing}`;
        const thing = made.get(name) ?? make(kindOf, standing);
        made.set(name, thing);
        return thing;
      },
    };
  }

  // Whoever stands in a contact cannot be deleted.
  await contactOf('own');
  return {
    me,
    colleague,
    stranger,
    ours,
    theirs,
    contactOf,
    /** The operator, by token and by cookie. */
    callers: async (): Promise<Record<string, Caller>> => {
      const [token, session] = [await hasToken(app, me.id), await hasSession(app, me.id)];
      return {
        [`${role}, by token`]: caller({ role, by: 'token' }, byToken(token.secret)),
        [`${role}, by cookie`]: caller({ role, by: 'cookie' }, byCookie(app, session.secret)),
      };
    },
    /** A token of the operator that may bring contacts alone. */
    intake: async (): Promise<Record<string, Caller>> => {
      const { secret } = await hasToken(app, me.id, { scope: 'ingest' });
      return { 'a token for intake': caller({ role: 'ingest', by: 'token' }, byToken(secret)) };
    },
    /** What was made and may not have changed. */
    kept: (): ReadonlyMap<string, Promise<number | null>> => made,
  };
}

export type Floor = Awaited<ReturnType<typeof openFloor>>;
