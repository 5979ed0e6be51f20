import { describe, expect, test } from 'vitest';
import type { ContactId, SourceId } from '../../src/contract/ids.ts';
import { type DrainStage, openDrains } from '../../src/desk/drains.ts';

describe('the drains of a gateway', () => {
  const source = 1 as SourceId;

  test('go on from where the last chunk stood, and from the front when somebody asks for it', async () => {
    const stages: DrainStage[] = [];
    const place = { priority: 0, createdAt: 5, id: 7 as ContactId };
    await using drains = openDrains({
      chunk: async (stage) => {
        stages.push(stage);
        if (stages.length === 2) drains.soon([2 as SourceId]);
        return stages.length < 4 ? { sourceIds: [source], after: place } : null;
      },
      onError: () => {},
    });

    drains.soon([source]);
    await drains.idle();

    expect(stages).toEqual([
      { sourceIds: [source], after: null },
      { sourceIds: [source], after: place },
      { sourceIds: [source, 2], after: null },
      { sourceIds: [source], after: place },
    ]);
  });

  test('try again by themselves when the database could not commit', async () => {
    const faults: unknown[] = [];
    let chunks = 0;
    const done = Promise.withResolvers<DrainStage>();
    await using drains = openDrains({
      chunk: async (stage) => {
        if (++chunks === 1) throw new Error('the disk is full');
        done.resolve(stage);
        return null;
      },
      onError: (error, sourceIds) => faults.push([String(error), sourceIds]),
    });

    drains.soon([source]);

    expect(await done.promise).toEqual({ sourceIds: [source], after: null });
    expect(faults).toEqual([['Error: the disk is full', [source]]]);
  });

  test('end between two chunks when the gateway ends', async () => {
    let chunks = 0;
    const begun = Promise.withResolvers<void>();
    const drains = openDrains({
      chunk: async (stage) => {
        chunks += 1;
        begun.resolve();
        return stage;
      },
      onError: () => {},
    });

    drains.soon([source]);
    await begun.promise;
    await drains[Symbol.asyncDispose]();
    const atTheEnd = chunks;
    drains.soon([source]);
    drains.later(0, [source]);
    await drains.idle();

    expect(chunks).toBe(atTheEnd);
  });
});
