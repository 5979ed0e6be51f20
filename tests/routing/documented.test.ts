import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Strategy } from '../../src/contract/decision.ts';
import { carryOut, decide } from '../../src/routing/decide.ts';
import { Pool } from '../../src/routing/pool.ts';
import { chosenBy, manyFacts, someRules } from './support/builders.ts';
import { seededDraw } from './support/seeded-draw.ts';

const WEIGHTS = [10, 30, 60];
const CONTACTS = 10_000;

/** One row of the table in docs/routing.md. */
function rowOf(name: string, next: (given: number) => number): string {
  const counts = WEIGHTS.map(() => 0);
  let distance = 0;
  for (let given = 1; given <= CONTACTS; given++) {
    counts[next(given)]! += 1;
    for (const [place, weight] of WEIGHTS.entries())
      distance = Math.max(distance, Math.abs((given * weight) / 100 - counts[place]!));
  }
  return [name, distance.toFixed(2), counts.join(' : ')].join(' | ');
}

function strategyRow(strategy: Strategy): string {
  const facts = manyFacts(WEIGHTS.length, (n) => ({ weight: WEIGHTS[n - 1]!, maxLoad: 2 * CONTACTS }));
  const pool = new Pool(someRules({ strategy }), facts);
  const draw = seededDraw('the table of docs/routing.md');
  return rowOf(`\`${strategy}\``, () => {
    const verdict = decide(pool, draw);
    carryOut(pool, verdict);
    const id = chosenBy(verdict)!;
    pool.setLoad(id, pool.facts(id)!.load + 1);
    return id - 1;
  });
}

test('the table of strategies is what the engine does', () => {
  const page = readFileSync(new URL('../../docs/routing.md', import.meta.url), 'utf8').replaceAll(/ +/g, ' ');
  const rows = [...Strategy.options.map(strategyRow), rowOf('plain round robin', (given) => given % 3)];

  for (const row of rows) expect(page).toContain(`| ${row} |`);
});
