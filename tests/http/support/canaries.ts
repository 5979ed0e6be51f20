import type { IssuedToken } from '../../../src/contract/access.ts';
import type { Operator } from '../../../src/contract/operator.ts';
import { type Client, holderOf, madeContact, type TestApp } from '../../support/http.ts';
import { openFloor } from './floor.ts';

/**
 * A floor on which everything that its operator may not see has a name of its own. The lead that they share has a contact
 * of the operator and one of a stranger.
 */
export async function openWithCanaries(app: TestApp) {
  const floor = await openFloor(app, 'operator');
  const { me, colleague, stranger, ours, theirs } = floor;
  const patch = (path: string, body: object) => app.admin('PATCH', path, { body });
  await patch(`/operators/${colleague.id}`, { email: 'canary-colleague@example.com' });
  await patch(`/operators/${stranger.id}`, { name: 'canary-stranger', email: 'canary-stranger@example.com' });
  await patch(`/sources/${ours.id}`, {
    webhook: { callback_url: 'https://canary-callback.example/in', mapping: { text: '/canary-mapping' } },
  });
  await patch(`/sources/${theirs.id}`, { name: 'theirs' });

  const own = await madeContact(app, ours.id, 'shared');
  const assign = (id: number, to: Operator) =>
    app.admin('POST', `/contacts/${id}/assign`, { body: { operator_id: to.id } });
  await assign(own.id, me);
  const asStranger = await holderOf(app, { operator_id: stranger.id });
  const open = async (externalId: string, traits: object = {}) => {
    const body = { external_id: externalId, source_id: theirs.id, text: 'canary-text', ...traits };
    const { json } = await app.admin<{ id: number; lead_id: number }>('POST', '/contacts', { body });
    await assign(json.id, stranger);
    for (const kind of ['reply', 'note'])
      await asStranger('POST', `/contacts/${json.id}/messages`, { body: { text: `canary-${kind}`, kind } });
    return json;
  };
  const elsewhere = await open('shared');
  const hidden = await open('canary-external', { name: 'canary-lead', phone: 'canary-phone' });
  await app.admin('POST', `/contacts/${elsewhere.id}/close`, { body: { reason: 'canary-reason' } });
  const token = await app.admin<IssuedToken>('POST', '/tokens', {
    body: { name: 'canary-token', operator_id: me.id },
  });
  return {
    ...floor,
    own,
    elsewhere,
    hidden,
    asMe: app.as(token.json.token),
    asStranger,
    /** What no answer holds, whoever asks. */
    secrets: { 'a secret of a webhook': ours.webhook!.secret, 'a token': token.json.token },
  };
}

export type Guarded = Awaited<ReturnType<typeof openWithCanaries>>;

/** Where this was told though it holds a canary, or the field of a source or of a colleague that is not for operators. */
export function leaksIn(told: unknown, me: Operator): string[] {
  const found = [...new Set(JSON.stringify(told).match(/canary-\w+/g))];
  return [...found, ...fieldsFor(told, me)];
}

const ofSources = ['telegram', 'webhook', 'greeting', 'strategy', 'priority', 'retention_days'];
const ofOperators = ['email', 'role', 'is_active', 'created_at'];

function fieldsFor(told: unknown, me: Operator): string[] {
  if (typeof told !== 'object' || told === null) return [];
  const isSource = 'code' in told && 'kind' in told;
  const isColleague = 'availability' in told && (told as Operator).id !== me.id;
  const hidden = [...(isSource ? ofSources : []), ...(isColleague ? ofOperators : [])];
  const here = hidden.filter((field) => field in told);
  return [...here, ...Object.values(told).flatMap((value) => fieldsFor(value, me))];
}

/** Asks this in every way that a list can be asked for something of others. */
export async function askedForOthers(client: Client, { elsewhere, hidden, stranger, theirs }: Guarded) {
  const questions = [
    `/contacts?lead_id=${elsewhere.lead_id}`,
    `/contacts?lead_id=${hidden.lead_id}`,
    `/contacts?operator_id=${stranger.id}`,
    `/contacts?source_id=${theirs.id}`,
    '/contacts?q=canary',
    '/contacts?status=closed',
    '/leads?q=canary',
    '/operators?q=canary',
    '/operators?is_active=true',
  ];
  return Promise.all(questions.map(async (path) => [path, (await client('GET', path)).json] as const));
}
