import { describe, expect, test } from 'vitest';
import type { OperatorId } from '../../src/contract/ids.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { bumpConfiguration } from '../../src/desk/configuration.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { watchFinishing } from '../../src/desk/finishing.ts';
import { releaseContact } from '../../src/desk/release-contact.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { Operator } from '../../src/store/entities/operator.ts';
import { nextEvent } from '../bots/support/bots.ts';
import { somebodyWaits } from '../store/ground.ts';
import { actingAs, admin, databases, hasOperator, hasSource, openTestDesk, opens } from '../support/desk.ts';

const availabilityOf = async (desk: Desk, id: OperatorId) =>
  (await desk.store.em().findOneOrFail(Operator, { id })).availability;

const pauses = (desk: Desk, id: OperatorId) =>
  nextEvent(desk, ({ data }) => data.id === id && 'availability' in data && data.availability === 'paused');

const finishes = (desk: Desk, id: OperatorId) =>
  updateOperator(desk, actingAs(id), id, { availability: 'finishing' });

describe.each(databases)('on %s', (database) => {
  test('whoever is finishing gets nothing new, keeps the open contacts and is paused behind the last one', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const [first, second] = [await opens(desk, source, 'first'), await opens(desk, source, 'second')];
    await using _ = await watchFinishing(desk);
    const paused = pauses(desk, ann);

    await finishes(desk, ann);
    const third = await opens(desk, source, 'third');
    await closeContact(desk, actingAs(ann), first.id, {});
    const before = await availabilityOf(desk, ann);
    await closeContact(desk, actingAs(ann), second.id, {});
    await paused;

    expect([third.status, before, await availabilityOf(desk, ann)]).toEqual([
      'waiting',
      'finishing',
      'paused',
    ]);
  });

  test.each(['release', 'transfer', 'nothing to do'])('%s is an end as well', async (how) => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const contact = how === 'nothing to do' ? null : await opens(desk, source, 'lead');
    const bob = await hasOperator(desk, { on: { [source]: 1 } });
    await using _ = await watchFinishing(desk);
    const paused = pauses(desk, ann);

    await finishes(desk, ann);
    if (how === 'release') await releaseContact(desk, actingAs(ann), contact!.id);
    if (how === 'transfer') await assignContact(desk, actingAs(ann), contact!.id, { operator_id: bob });

    expect((await paused).data).toMatchObject({ id: ann, availability: 'paused' });
  });

  test('what ended while no gateway ran is seen at the next start', async () => {
    await using desk = await openTestDesk(database);
    const busy = await hasOperator(desk, { availability: 'finishing' });
    const done = await hasOperator(desk, { availability: 'finishing' });
    const source = await hasSource(desk);
    const contact = await opens(desk, source, 'lead');
    await assignContact(desk, admin, contact.id, { operator_id: busy });

    await using _ = await watchFinishing(desk);

    expect([await availabilityOf(desk, busy), await availabilityOf(desk, done)]).toEqual([
      'finishing',
      'paused',
    ]);
  });

  test('whoever goes on working after all is left alone', async () => {
    await using desk = await openTestDesk(database);
    const source = await hasSource(desk);
    const ann = await hasOperator(desk, { on: { [source]: 1 } });
    const contact = await opens(desk, source, 'lead');
    {
      await using _ = await watchFinishing(desk);
      await finishes(desk, ann);
      await updateOperator(desk, actingAs(ann), ann, { availability: 'available' });
      await closeContact(desk, actingAs(ann), contact.id, {});
    }

    expect(await availabilityOf(desk, ann)).toBe('available');
  });
});

test('whoever is handed a contact at the last moment is not paused', async () => {
  await using desk = await openTestDesk('postgresql');
  const source = await hasSource(desk);
  const ann = await hasOperator(desk, { availability: 'finishing' });
  const contact = await opens(desk, source, 'lead');
  let watching: Promise<AsyncDisposable> | undefined;

  await desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    watching = watchFinishing(desk);
    await somebodyWaits(desk);
    await assignContact(desk, admin, contact.id, { operator_id: ann });
  });
  await using _ = await watching!;

  expect(await availabilityOf(desk, ann)).toBe('finishing');
});
