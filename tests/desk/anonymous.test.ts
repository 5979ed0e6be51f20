import { expect, test } from 'vitest';
import { type Action, reachOf } from '../../src/desk/policy.ts';
import { sightOf } from '../../src/desk/sight.ts';
import { openTestDesk } from '../support/desk.ts';

const stranger = { kind: 'anonymous', address: null } as const;
const actions: Action[] = [
  'configure',
  'operator.see',
  'session.own',
  'contact.create',
  'contact.see',
  'lead.see',
];

test('whoever has proved nothing may do nothing and sees nothing', async () => {
  await using desk = await openTestDesk('sqlite');

  expect(actions.map((action) => reachOf(stranger, action))).toEqual(actions.map(() => null));
  expect(await sightOf(desk.store.em(), stranger)).toMatchObject({ kind: 'own', sourceIds: new Set() });
});
