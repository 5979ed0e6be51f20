import type { OperatorId, SourceId } from '../../../src/contract/ids.ts';
import { carryOut, decide } from '../../../src/routing/decide.ts';
import { Pool } from '../../../src/routing/pool.ts';
import { drawBy, seededChance } from '../../../src/routing/seeded.ts';
import type { Scene } from '../../../src/routing/simulate.ts';
import { someFacts } from './builders.ts';

/** Who got which contact of the scene and when; contacts are told by their places. */
export type Given = { contact: number; operatorId: OperatorId; at: number };

/**
 * The simulation as anybody would write it first: every moment at which anything happens is looked for anew, every pool
 * hears of every load at once, and whoever waits is asked again each time, oldest first.
 */
export function simulateNaively(scene: Scene): Given[] {
  const contacts = [...scene.contacts];
  const given: Given[] = [];
  const loads = new Map<OperatorId, number>(scene.operators.map((one) => [one.operatorId, 0]));
  const pools = new Map(scene.sources.map((source) => [source.sourceId, poolOf(scene, source.sourceId)]));
  const queue = new Set<number>();
  const open: { ends: number; operatorId: OperatorId }[] = [];

  const move = (operatorId: OperatorId, delta: 1 | -1) => {
    loads.set(operatorId, loads.get(operatorId)! + delta);
    for (const pool of pools.values()) pool.setLoad(operatorId, loads.get(operatorId)!);
  };
  const askAll = (at: number) => {
    for (const contact of queue) {
      const { sourceId, handling } = contacts[contact]!;
      const pool = pools.get(sourceId)!;
      const verdict = decide(pool, drawBy(seededChance(scene.seed, contact + 1)));
      if (verdict.outcome === 'waiting') continue;
      carryOut(pool, verdict);
      move(verdict.operatorId, 1);
      queue.delete(contact);
      given.push({ contact, operatorId: verdict.operatorId, at });
      open.push({ ends: at + handling, operatorId: verdict.operatorId });
    }
  };
  const endAllUntil = (moment: number) => {
    for (;;) {
      // Of one moment the first one in the list, which is the one that was given away first.
      const next = open.toSorted((a, b) => a.ends - b.ends)[0];
      if (next === undefined || next.ends > moment) return;
      open.splice(open.indexOf(next), 1);
      move(next.operatorId, -1);
      askAll(next.ends);
    }
  };

  for (const [place, { at }] of contacts.entries()) {
    endAllUntil(at);
    queue.add(place);
    askAll(at);
  }
  endAllUntil(scene.duration - 1);
  return given;
}

function poolOf({ sources, operators }: Scene, id: SourceId): Pool {
  const { isActive, strategy, weights } = sources.find(({ sourceId }) => sourceId === id)!;
  const facts = [...weights].map(([operatorId, weight]) => {
    const one = operators.find((operator) => operator.operatorId === operatorId)!;
    return someFacts(operatorId, { weight, isActive: one.isActive, maxLoad: one.maxLoad });
  });
  return new Pool({ isActive, requirePresence: false, strategy }, facts);
}
