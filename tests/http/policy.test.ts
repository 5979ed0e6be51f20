import { describe, expect, test } from 'vitest';
import { databases } from '../support/desk.ts';
import { madeContact, madeOperator, madeSource } from '../support/http.ts';
import { setStage } from './support/examples.ts';

describe.each(databases)('on %s', (database) => {
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

    const gone = await madeOperator(app, { is_active: false });
    const elsewhere = [await assign(stranger.id), await assign(gone.id), await assign(999_999)];
    const answers = [await assign(colleague.id), await assign(operator.id)];

    // Whether there is such a one, and how it is, is nobody's business who does not work with it.
    expect(elsewhere.map(({ status, json }) => [status, (json as { detail: string }).detail])).toEqual(
      Array.from({ length: 3 }, () => [403, 'The operator does not serve this source.']),
    );
    // Once it is given away, it is not there any more.
    expect(answers.map((answer) => answer.status)).toEqual([200, 404]);
  });
});
