import { describe, expect, test } from 'vitest';
import { databases } from '../support/desk.ts';
import { type Client, madeContact, madeOperator, madeSource } from '../support/http.ts';
import { type Example, examples, setStage, type Stage } from './support/examples.ts';
import { lostReply } from './support/successes.ts';

/** Those of the table in the order of its columns; the owner has the contact, the stranger works elsewhere. */
const columns = ['admin', 'supervisor', 'owner', 'stranger', 'ingest'] as const;
type Column = (typeof columns)[number];

const configuring = [200, 403, 403, 403, 403];
const everybody = [200, 200, 200, 200, 403];
const byContact = [200, 200, 200, 404, 403];
const overview = [200, 200, 403, 403, 403];

/** What each of them gets for a request that is good in itself; 200 stands for every success. */
const table: Record<string, number[]> = {
  'GET /session': everybody,
  'POST /tokens': configuring,
  'GET /tokens': configuring,
  'DELETE /tokens/{token}': configuring,
  'POST /operators': configuring,
  'GET /operators': everybody,
  'GET /operators/{operator}': byContact,
  'PATCH /operators/{operator}': configuring,
  'PUT /operators/{operator}': configuring,
  'DELETE /operators/{operator}': configuring,
  'POST /operators/{operator}/weights': configuring,
  'GET /operators/{operator}/load': byContact,
  'POST /operators/{operator}/hand-over': overview,
  'POST /sources': configuring,
  'GET /sources': everybody,
  'GET /sources/{source}': byContact,
  'PATCH /sources/{source}': configuring,
  'DELETE /sources/{source}': configuring,
  'GET /sources/{source}/health': overview,
  'PUT /sources/{source}/operators': configuring,
  'POST /sources/{source}/operators': configuring,
  'PATCH /sources/{source}/operators': configuring,
  'GET /sources/{source}/operators': overview,
  'DELETE /sources/{source}/operators/{operator}': configuring,
  'POST /contacts': [200, 200, 200, 200, 200],
  'GET /contacts': everybody,
  'GET /contacts/{contact}': byContact,
  'PUT /contacts/{contact}/close': byContact,
  'POST /contacts/{contact}/close': byContact,
  'POST /contacts/{contact}/reopen': byContact,
  'POST /contacts/{contact}/assign': byContact,
  // The admin's token acts for no operator.
  'POST /contacts/{contact}/take': [409, 200, 200, 404, 403],
  'POST /contacts/{contact}/release': byContact,
  // As for a reply; and what was given by hand is no offer.
  'POST /contacts/{contact}/accept': [409, 409, 200, 404, 403],
  'POST /contacts/{contact}/decline': [409, 409, 409, 404, 403],
  'GET /contacts/{contact}/decisions': byContact,
  'GET /contacts/{contact}/events': byContact,
  'GET /contacts/{contact}/messages': byContact,
  'POST /contacts/{contact}/messages': byContact,
  // The admin's token acts for no operator, and the supervisor has not got the contact.
  'POST /messages/{message}/retry': [409, 409, 200, 404, 403],
  'GET /leads': everybody,
  'GET /leads/{lead}': byContact,
  'PATCH /leads/{lead}': overview,
  'POST /leads/{lead}/merge': overview,
  'GET /stats/operators-load': overview,
  'GET /stats/distribution': overview,
  'GET /stats/queue': overview,
  'GET /stats/summary': overview,
  'GET /stats/invariants': overview,
  'POST /stats/invariants/repair': configuring,
  'POST /routing/simulate': overview,
};

/** A request of its own for one of the columns: what it names has just been made for it. */
type Prepare = (stage: Stage) => Promise<Record<string, number>>;

let times = 0;

const prepared: Record<string, Prepare> = {
  token: async ({ app }) => {
    const { json } = await app.admin<{ id: number }>('POST', '/tokens', { body: { name: 'x' } });
    return { token: json.id };
  },
  operator: async ({ operator }) => ({ operator: operator.id }),
  source: async ({ source }) => ({ source: source.id }),
  contact: async ({ app, source }) => {
    const contact = await madeContact(app, source.id);
    return { contact: contact.id };
  },
  // There is no way out: it has failed, and fails again whenever it is tried.
  message: async (stage) => ({ message: await lostReply(stage) }),
  lead: async ({ app, source }) => {
    const contact = await madeContact(app, source.id);
    return { lead: contact.lead_id };
  },
};

const special: Record<string, Prepare> = {
  'DELETE /operators/{operator}': async ({ app }) => ({ operator: (await madeOperator(app)).id }),
  'DELETE /sources/{source}': async ({ app }) => ({ source: (await madeSource(app)).id }),
  'DELETE /sources/{source}/operators/{operator}': async ({ app, operator }) => ({
    source: (await madeSource(app, {}, { [operator.id]: 1 })).id,
    operator: operator.id,
  }),
  // Nobody there is online, so what comes waits.
  'POST /contacts/{contact}/take': async ({ app, operator }) => {
    const source = await madeSource(app, { require_presence: true }, { [operator.id]: 1 });
    return { contact: (await madeContact(app, source.id)).id };
  },
};
for (const method of ['PUT', 'POST', 'PATCH'])
  special[`${method} /sources/{source}/operators`] = async ({ app }) => ({
    source: (await madeSource(app)).id,
  });

async function requestFor(stage: Stage, { method, path, body }: Example): Promise<Example> {
  const name = /\{(\w+)\}/.exec(path)?.[1];
  const prepare = special[`${method} ${path}`] ?? (name === undefined ? null : prepared[name]!);
  const ids = (await prepare?.(stage)) ?? {};
  const filledPath = path.replaceAll(/\{(\w+)\}/g, (_, key: string) => String(ids[key]));
  const code = `policy-${++times}`;
  if (`${method} ${path}` === 'POST /sources') return { method, path, body: { name: code, code } };
  if (path.endsWith('/assign')) return { method, path: filledPath, body: { operator_id: stage.operator.id } };
  if (path.endsWith('/merge')) return { method, path: filledPath, body: { into: stage.contact.lead_id } };
  return { method, path: filledPath, body };
}

function shapeOf(route: string): string {
  return route.replaceAll(/\{\w+\}/g, '{}');
}

describe.each(databases)('on %s', (database) => {
  test('everybody may do what the table says and nothing else, on every route', async () => {
    await using stage = await setStage(database);
    await stage.app.admin('PATCH', `/operators/${stage.operator.id}`, { body: { max_load: 10_000 } });
    const clients: Record<Column, Client> = {
      admin: stage.app.admin,
      supervisor: stage.asSupervisor,
      owner: stage.asOperator,
      stranger: stage.asStranger,
      ingest: stage.asIngest,
    };

    const found: Record<string, number[]> = {};
    for (const example of examples) {
      const row: number[] = [];
      for (const column of columns) {
        const { method, path, body } = await requestFor(stage, example);
        const { status } = await clients[column](method, path, { body });
        row.push(status < 300 ? 200 : status);
      }
      found[`${example.method} ${example.path}`] = row;
    }

    expect(found).toEqual(table);
    const routes = stage.app.document.listed.map((answer) => answer.replace(/ \d+$/, ''));
    const below = routes.filter((route) => route.includes(' /api/v1/'));
    const named = Object.keys(table).map((route) => shapeOf(route.replace(' ', ' /api/v1')));
    expect(new Set(below.map(shapeOf))).toEqual(new Set(named));
  });

  test('an operator changes its own availability and nothing else of itself', async () => {
    await using stage = await setStage(database);
    const own = `/operators/${stage.operator.id}`;

    const answers = [
      await stage.asOperator('PATCH', own, { body: { availability: 'paused' } }),
      await stage.asOperator('PATCH', own, { body: { availability: 'paused', max_load: 1000 } }),
      await stage.asOperator('PATCH', own, { body: { role: 'admin' } }),
      await stage.asStranger('PATCH', own, { body: { availability: 'available' } }),
    ];

    expect(answers.map((answer) => answer.status)).toEqual([200, 403, 403, 404]);
  });

  test('an operator sees the queue of its sources and no contact of anybody else', async () => {
    await using stage = await setStage(database);
    const { app, operator, contact } = stage;
    const queue = await madeSource(app, { require_presence: true }, { [operator.id]: 1 });
    const waiting = await madeContact(app, queue.id);
    type List = { items: { id: number }[] };

    const own = await stage.asOperator<List>('GET', '/contacts');
    const foreign = await stage.asStranger<List>('GET', '/contacts');
    const leads = await stage.asStranger<List>('GET', '/leads');

    expect(own.json.items.map((item) => item.id)).toEqual([waiting.id, contact.id]);
    expect([foreign.json.items, leads.json.items]).toEqual([[], []]);
  });

  test('an operator gives its contact to a colleague of the source and to nobody else', async () => {
    await using stage = await setStage(database);
    const { app, operator, stranger, source, contact } = stage;
    const colleague = await madeOperator(app);
    const body = { operator_weights: [{ operator_id: colleague.id, weight: 1 }] };
    await app.admin('PATCH', `/sources/${source.id}/operators`, { body });
    const assign = (id: number) =>
      stage.asOperator('POST', `/contacts/${contact.id}/assign`, { body: { operator_id: id } });

    const answers = [await assign(stranger.id), await assign(colleague.id), await assign(operator.id)];

    // Once it is given away, it is not there any more.
    expect(answers.map((answer) => answer.status)).toEqual([403, 200, 404]);
  });
});
