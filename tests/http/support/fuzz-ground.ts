import type { OpenedContact } from '../../../src/contract/contact.ts';
import { issueSetupCode } from '../../../src/desk/setup.ts';
import { telegramWebhookSecret } from '../../../src/desk/source-secret.ts';
import { madeOperator, madeSource } from '../../support/http.ts';
import { byCookie, byToken, hasSession, hasToken } from './callers.ts';
import { updateOf } from './doors.ts';
import { BOT_TOKEN, METRICS_TOKEN, type Stage } from './examples.ts';
import { openFloor } from './floor.ts';
import { mayByRest } from './may.ts';
import { meaningsOf } from './fuzz-meanings.ts';
import type { Operation } from './operations.ts';
import { invited, PASSWORD, signedIn } from './sign-in.ts';

type Fields = Record<string, unknown>;

/** What makes a request acceptable: a thing to do it to, somebody who may, and what its body has to say. */
export type Ready = {
  ids: (number | null)[];
  headers: Record<string, string>;
  /** In the place of what was generated. */
  settle(body: Fields): Fields;
  /** For `{source_code}`. */
  code: string;
};

/** Prepares requests on a stage, by an admin who is an operator. */
export async function openGround(stage: Stage) {
  const { app, hook } = stage;
  const { desk } = app.app;
  const floor = await openFloor(app, 'admin');
  const { me, colleague, ours, theirs } = floor;
  const offering = await madeSource(app, { offer_seconds: 3600 }, { [me.id]: 1 });
  // Its settings and weights may become anything.
  const spare = await madeSource(app, { kind: 'webhook' });
  const weights = { operator_weights: [{ operator_id: colleague.id, weight: 1 }] };
  const guest = await madeOperator(app);
  const { email } = await signedIn(app, guest);
  const [token, session] = [await hasToken(app, me.id), await hasSession(app, me.id)];
  const chiefs = [byToken(token.secret).headers, byCookie(app, session.secret).headers];
  const caller = Object.values(await floor.callers())[0]!;
  let times = 0;

  /** Somebody with a session of its own, who may lose it. */
  async function twin(): Promise<Record<string, string>> {
    const { id } = await madeOperator(app, { role: 'admin' });
    return byCookie(app, (await hasSession(app, id)).secret).headers;
  }

  async function offered(): Promise<number> {
    const body = { external_id: `offered-${++times}`, source_id: offering.id };
    return (await app.admin<OpenedContact>('POST', '/contacts', { body })).json.id;
  }

  /** The ids of the path: of things that are there, and that nobody else needs. */
  async function idsFor({ id, method, ids }: Operation): Promise<(number | null)[]> {
    if (id === 'takeContact') return [await caller.make('contact', 'queue')];
    if (id === 'acceptContact' || id === 'declineContact') return [await offered()];
    if (id === 'removeWeight') {
      await app.admin('PATCH', `/sources/${spare.id}/operators`, { body: weights });
      return [spare.id, colleague.id];
    }
    if (ids[0]?.kind === 'source' && id !== 'deleteSource') return [spare.id];
    if (method === 'GET') return Promise.all(ids.map(({ kind }) => caller.standing(kind, 'own')));
    return Promise.all(ids.map(({ kind }) => caller.make(kind, kind === 'operator' ? 'foreign' : 'own')));
  }

  async function headersFor({ id }: Operation): Promise<Record<string, string>> {
    // Who signs in ends the session that came with it.
    if (mayByRest[id] === 'open') return id === 'getMetrics' ? byToken(METRICS_TOKEN).headers : {};
    switch (id) {
      case 'signOut':
      case 'endOtherSessions':
        return twin();
      case 'changePassword': {
        const { cookie: own } = await signedIn(app, await madeOperator(app));
        return { cookie: own, origin: app.url };
      }
      case 'receiveHook':
        return byToken(hook.webhook!.secret).headers;
      case 'receiveTelegramUpdate':
        return { 'x-telegram-bot-api-secret-token': telegramWebhookSecret(desk, BOT_TOKEN) };
      default:
        return chiefs[++times % chiefs.length]!;
    }
  }

  async function settlerFor({ id }: Operation): Promise<Ready['settle']> {
    switch (id) {
      case 'setUp': {
        // As on a database without an admin; there is no way back by any verb.
        await desk.store.write((tx) => tx.em.execute('update access set is_set_up = false where id = 1'));
        const code = await issueSetupCode(desk);
        return (body) => ({ ...body, code, email: `first-${++times}@example.com` });
      }
      case 'signIn':
        return () => ({ email, password: PASSWORD });
      case 'lookAtInvite':
      case 'acceptInvite': {
        const code = await invited(app, guest.id);
        return (body) => ({ ...body, code });
      }
      case 'changePassword':
        return (body) => ({ ...body, current_password: PASSWORD });
      case 'openContact':
        return (body) => ({ ...body, source_id: ours.id });
      case 'createSource':
        return ({ webhook, ...body }) => {
          if (body['kind'] === 'webhook') return { ...body, ...(webhook !== undefined && { webhook }) };
          return { ...body, kind: 'api' };
        };
      case 'receiveTelegramUpdate':
        return (body) => ({ ...updateOf(++times), ...body });
      default:
        return (body) => body;
    }
  }

  return {
    me,
    token: token.secret,
    meanings: meaningsOf({
      operators: [me.id, colleague.id],
      sources: [ours.id, theirs.id],
      lead: (await caller.standing('lead', 'queue'))!,
    }),
    contact: () => caller.make('contact', 'own'),
    async ready(operation: Operation): Promise<Ready> {
      return {
        ids: await idsFor(operation),
        headers: await headersFor(operation),
        settle: await settlerFor(operation),
        code: operation.id === 'receiveHook' ? 'shop' : 'bot',
      };
    },
  };
}

export type Ground = Awaited<ReturnType<typeof openGround>>;
