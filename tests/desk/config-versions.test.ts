import { describe, expect, test } from 'vitest';
import type { OperatorId, SourceId } from '../../src/contract/ids.ts';
import { configHistory } from '../../src/desk/config-history.ts';
import { keepFirst } from '../../src/desk/config-parts.ts';
import { createOperator } from '../../src/desk/create-operator.ts';
import { createSource } from '../../src/desk/create-source.ts';
import { deleteOperator } from '../../src/desk/delete-operator.ts';
import { deleteSource } from '../../src/desk/delete-source.ts';
import { exportConfiguration } from '../../src/desk/export-config.ts';
import { importConfiguration } from '../../src/desk/import-config.ts';
import { setOperatorWeight } from '../../src/desk/set-operator-weight.ts';
import { setPresence } from '../../src/desk/set-presence.ts';
import { mergeWeights, removeWeight, replaceWeights } from '../../src/desk/source-weights.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { updateSource } from '../../src/desk/update-source.ts';
import { OperatorCreate } from '../../src/contract/operator.ts';
import { SourceCreate } from '../../src/contract/source.ts';
import { ConfigurationPart } from '../../src/store/entities/configuration-part.ts';
import {
  actingAs,
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  type TestDesk,
} from '../support/desk.ts';
import { configVersion } from './administration.ts';

async function addsOperator(desk: TestDesk, name: string): Promise<OperatorId> {
  return (await createOperator(desk, admin, OperatorCreate.parse({ name }))).id;
}

async function addsSource(desk: TestDesk, code: string): Promise<SourceId> {
  return (await createSource(desk, admin, SourceCreate.parse({ name: code, code, kind: 'webhook' }))).id;
}

/** Every kind of change once; answers the export behind each, by version. */
async function livesThrough(desk: TestDesk): Promise<Map<number, unknown>> {
  const exports = new Map<number, unknown>();
  const anna = await addsOperator(desk, 'Anna');
  const boris = await addsOperator(desk, 'Boris');
  const shop = await addsSource(desk, 'shop');
  const gone = await addsSource(desk, 'gone');
  const weighs = (id: OperatorId, weight: number) => ({ operator_weights: [{ operator_id: id, weight }] });
  const changes: (() => Promise<unknown>)[] = [
    () => replaceWeights(desk, admin, 'shop', weighs(anna, 10)),
    () => mergeWeights(desk, admin, 'shop', weighs(boris, 30)),
    () => setOperatorWeight(desk, admin, boris, { source_id: gone, weight: 0 }),
    () => updateOperator(desk, admin, anna, { max_load: 3, email: 'Anna@x.example' }),
    () => updateOperator(desk, admin, anna, { availability: 'paused' }),
    () => setPresence(desk, { operatorId: anna, gateway: 'here', isOnline: true }),
    () =>
      updateSource(desk, admin, 'shop', {
        strategy: 'least_loaded',
        on_offline: 'requeue',
        queue_notice: 'You are number {place}.',
        queue_notices: { ru: 'Ваш номер {place}.' },
        greetings: { ru: 'Здравствуйте' },
      }),
    () => removeWeight(desk, admin, 'shop', anna),
    () => deleteOperator(desk, admin, boris),
    () => deleteSource(desk, admin, 'gone'),
    async () => {
      const { file } = await exportConfiguration(desk, admin);
      const sources = file.sources.map((source) => ({
        ...source,
        weights: new Map([['anna@x.example', 7]]),
      }));
      const operators = file.operators.map((operator) => ({ ...operator, max_load: 20 }));
      await importConfiguration(desk, admin, { ...file, operators, sources });
    },
    () => updateSource(desk, admin, String(shop), { code: 'store', is_active: false }),
  ];
  for (const change of changes) {
    await change();
    const { version, file } = await exportConfiguration(desk, admin);
    exports.set(version, file);
  }
  expect(exports.size).toBe(changes.length);
  return exports;
}

describe.each(databases)('the versions of the configuration on %s', (database) => {
  test('each can be exported as it was, whatever came later', async () => {
    await using desk = await openTestDesk(database);

    const exports = await livesThrough(desk);

    for (const [version, file] of exports)
      expect((await exportConfiguration(desk, admin, version)).file, `version ${version}`).toEqual(file);
  });

  test('an old one that is imported brings back what it said', async () => {
    await using desk = await openTestDesk(database);
    const anna = await addsOperator(desk, 'Anna');
    await addsSource(desk, 'shop');
    await replaceWeights(desk, admin, 'shop', { operator_weights: [{ operator_id: anna, weight: 10 }] });
    const before = await exportConfiguration(desk, admin);
    await updateOperator(desk, admin, anna, { max_load: 1 });
    await replaceWeights(desk, admin, 'shop', { operator_weights: [{ operator_id: anna, weight: 99 }] });

    const kept = await exportConfiguration(desk, admin, before.version);
    await importConfiguration(desk, admin, kept.file);

    expect((await exportConfiguration(desk, admin)).file).toEqual(before.file);
  });

  test('say when, by whom and what; runtime states are none', async () => {
    await using desk = await openTestDesk(database);
    const anna = await addsOperator(desk, 'Anna');
    const first = await configVersion(desk);
    await updateOperator(desk, actingAs(anna, 'admin'), anna, { name: 'Anna B.' });
    await updateOperator(desk, admin, anna, { availability: 'paused' });
    await setPresence(desk, { operatorId: anna, gateway: 'here', isOnline: true });
    await deleteOperator(desk, admin, anna);

    const told = (await configHistory(desk, admin)).map(({ version, actor, changes }) => ({
      version,
      actor,
      changes,
    }));

    expect(told).toEqual([
      { version: first, actor: 'token:environment', changes: [{ kind: 'operator', id: anna, name: 'Anna' }] },
      {
        version: first + 1,
        actor: `operator:${anna}`,
        changes: [{ kind: 'operator', id: anna, name: 'Anna B.' }],
      },
      {
        version: first + 4,
        actor: 'token:environment',
        changes: [{ kind: 'operator', id: anna, name: null }],
      },
    ]);
    await expect(configHistory(desk, actingAs(anna))).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('what an older release has left is kept once, as it stands when a gateway starts', async () => {
    await using desk = await openTestDesk(database);
    const shop = await hasSource(desk, { code: 'shop' });
    await hasOperator(desk, { name: 'Anna', on: { [shop]: 10 } });
    const { file } = await exportConfiguration(desk, admin);

    await Promise.all([keepFirst(desk), keepFirst(desk)]);
    await keepFirst(desk);

    expect(await desk.store.em().count(ConfigurationPart)).toBe(3);
    const kept = await exportConfiguration(desk, admin, await configVersion(desk));
    expect(kept.file).toEqual(file);
  });

  test('one that is not there yet, or not kept, is refused', async () => {
    await using desk = await openTestDesk(database);
    await hasSource(desk);
    const version = await configVersion(desk);

    await expect(exportConfiguration(desk, admin, version + 1)).rejects.toMatchObject({ code: 'invalid' });
    await expect(exportConfiguration(desk, admin, version)).rejects.toMatchObject({ code: 'invalid' });
  });
});
