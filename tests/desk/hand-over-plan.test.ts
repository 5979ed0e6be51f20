import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Strategy } from '../../src/contract/decision.ts';
import type { ContactId, OperatorId } from '../../src/contract/ids.ts';
import { assignContact } from '../../src/desk/assign-contact.ts';
import { closeContact } from '../../src/desk/close-contact.ts';
import { invariants } from '../../src/desk/invariants.ts';
import { updateOperator } from '../../src/desk/update-operator.ts';
import { admin, databases, hasOperator, hasSource, loadsOf, opens } from '../support/desk.ts';
import { allRows, handsOver, holders, openSlowDesk, targets, unsound } from './handing.ts';

const leaving = { is_active: false, open_contacts: 'hand_over' as const };

describe.each(databases)('on %s', (database) => {
  describe.each(Strategy.options)('by %s', (strategy) => {
    /** A leaver with contacts on two sources, and others with seats for most of them. */
    async function stage() {
      const desk = await openSlowDesk(database);
      const sources = [await hasSource(desk, { strategy }), await hasSource(desk, { strategy })];
      const on = (...weights: number[]) => Object.fromEntries(sources.map((id, n) => [id, weights[n]!]));
      const ann = await hasOperator(desk, { maxLoad: 30, on: on(5, 2) });
      for (let n = 0; n < 24; n++) {
        await opens(desk, sources[n % 2]!, `lead ${n}`);
        desk.clock.advance(1000);
      }
      for (const [maxLoad, weights] of [
        [9, [1, 3]],
        [4, [7, 1]],
        [6, [2, 2]],
      ] as const)
        await hasOperator(desk, { maxLoad, on: on(...weights) });
      // What the strategies keep is not fresh.
      for (let n = 0; n < 5; n++) await opens(desk, sources[n % 2]!, `later ${n}`);
      return { desk, ann, sources };
    }

    test('what is previewed leaves nothing behind, and is what comes out', async () => {
      const { desk, ann } = await stage();
      await using _ = desk;
      const before = await allRows(desk);

      const preview = await handsOver(desk, ann, { dry_run: true });
      const afterPreview = await allRows(desk);
      const done = await handsOver(desk, ann, { plan: preview.plan });

      expect(afterPreview).toEqual(before);
      expect(preview.handed_over).toBeGreaterThan(9);
      expect(preview.waiting).toBeGreaterThan(0);
      expect(done).toEqual(preview);
      expect(
        await holders(
          desk,
          done.moves.map(({ contact_id: id }) => id),
        ),
      ).toEqual(targets(preview));
      expect(await unsound(desk)).toEqual([]);
    });

    test('the same plan holds for whoever is deactivated', async () => {
      const { desk, ann } = await stage();
      await using _ = desk;
      const preview = await handsOver(desk, ann, { dry_run: true });

      const after = await updateOperator(desk, admin, ann, { ...leaving, plan: preview.plan });
      await desk.drains.idle();

      expect(after).toMatchObject({ is_active: false, load: 0 });
      const ids = preview.moves.map(({ contact_id: id }) => id);
      expect(await holders(desk, ids)).toEqual(targets(preview));
      expect(await unsound(desk)).toEqual([]);
      const { checks } = await invariants(desk, admin, async () => {});
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    });

    test('when something else would come out, nothing is done', async () => {
      const { desk, ann, sources } = await stage();
      await using _ = desk;
      const { plan } = await handsOver(desk, ann, { dry_run: true });
      await hasOperator(desk, { maxLoad: 50, on: { [sources[0]!]: 1_000_000 } });
      const before = await allRows(desk);

      const changed = { code: 'plan-changed' };
      await expect(handsOver(desk, ann, { plan })).rejects.toMatchObject(changed);
      await expect(updateOperator(desk, admin, ann, { ...leaving, plan })).rejects.toMatchObject(changed);
      expect(await allRows(desk)).toEqual(before);
      const fresh = await handsOver(desk, ann, { dry_run: true });
      expect((await handsOver(desk, ann, { plan: fresh.plan })).plan).toBe(fresh.plan);
    });
  });

  test('after whatever was done before, nobody is above the cap and the one who leaves has nothing', async () => {
    await using desk = await openSlowDesk(database);
    const step = fc.record({
      kind: fc.constantFrom('open', 'close', 'assign', 'cap', 'pause', 'hand over'),
      who: fc.nat({ max: 3 }),
      what: fc.nat({ max: 20 }),
    });

    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 15, maxLength: 25 }),
        fc.nat({ max: 3 }),
        async (steps, n) => {
          const sources = [await hasSource(desk), await hasSource(desk, { strategy: 'smooth_weighted' })];
          const operators: OperatorId[] = [];
          for (let one = 0; one < 4; one++)
            operators.push(
              await hasOperator(desk, { maxLoad: one + 1, on: { [sources[0]!]: 1, [sources[1]!]: one } }),
            );
          const contacts: ContactId[] = [];
          for (const [at, { kind, who, what }] of steps.entries()) {
            const contact = contacts[what % Math.max(1, contacts.length)];
            const operator = operators[who]!;
            if (kind === 'open' || contact === undefined)
              contacts.push((await opens(desk, sources[what % 2]!, `${sources[0]} ${at}`)).id);
            else if (kind === 'close') await closeContact(desk, admin, contact, {});
            else if (kind === 'assign')
              await assignContact(desk, admin, contact, { operator_id: operator }).catch(() => {});
            else if (kind === 'cap') await updateOperator(desk, admin, operator, { max_load: what % 6 });
            else if (kind === 'pause')
              await updateOperator(desk, admin, operator, {
                availability: what % 2 ? 'paused' : 'available',
              });
            else await handsOver(desk, operator);
            desk.clock.advance(1000);
          }
          const leaver = operators[n]!;
          await updateOperator(desk, admin, leaver, { availability: 'paused' });
          const before = new Map((await loadsOf(desk)).map(({ id, load }) => [id, load]));

          await handsOver(desk, leaver);
          await desk.drains.idle();

          for (const { id, load, counted, maxLoad } of await loadsOf(desk)) {
            expect(load).toBe(counted);
            expect(load).toBeLessThanOrEqual(Math.max(maxLoad, before.get(id) ?? 0));
            if (id === leaver) expect(load).toBe(0);
          }
        },
      ),
      { seed: 20_260_103, numRuns: 12, endOnFailure: true },
    );
  });
});
