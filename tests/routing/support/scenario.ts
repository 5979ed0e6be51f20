import * as fc from 'fast-check';
import type { Facts, SourceRules } from '../../../src/routing/candidate.ts';
import type { Verdict, Wish } from '../../../src/routing/decide.ts';
import type { Pool } from '../../../src/routing/pool.ts';
import { chosenBy, operator, passingOver } from './builders.ts';
import type { Engine } from './engine.ts';

/** A source, its operators, and what happens there: contacts come, loads change. */
type Scenario = { rules: SourceRules; facts: Facts[]; steps: Step[] };
type Step =
  | { kind: 'contact'; luck: number; prefer: number | null; except: number[] }
  | { kind: 'load'; of: number; load: number };

/** One contact's run: `facts` are the candidates as they were then, in the order of ids. */
export type Run = {
  rules: SourceRules;
  facts: readonly Facts[];
  wish: Wish;
  luck: number;
  pool: Pool;
  verdict: Verdict;
};

const STRANGER = operator(999_999_999);

const someFacts: fc.Arbitrary<Facts> = fc.record({
  operatorId: fc.integer({ min: 1, max: 1_000_000 }).map(operator),
  weight: fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 50 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 1_000_000 }) },
  ),
  isActive: oftenTrue(),
  availability: fc.constantFrom('available', 'available', 'available', 'available', 'paused', 'finishing'),
  isOnline: oftenTrue(),
  load: fc.integer({ min: 0, max: 4 }),
  maxLoad: fc.integer({ min: 0, max: 6 }),
});

const someStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: someContact() },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('load'), of: fc.nat(), load: fc.nat({ max: 7 }) }) },
);

/** Sources of 0 to 45 operators, so with fewer and with more than a record shows. */
export const someScenario: fc.Arbitrary<Scenario> = fc.record({
  rules: fc.record({
    isActive: fc.integer({ min: 0, max: 19 }).map((n) => n > 0),
    requirePresence: fc.boolean(),
    strategy: fc.constant('weighted_random'),
  }),
  facts: fc.oneof(operators(0, 6), operators(15, 45)),
  steps: fc.array(someStep, { minLength: 1, maxLength: 40, size: 'max' }),
});

/** Plays a scenario; the chosen operator's load is raised once the caller has looked at the run. */
export function* play(engine: Engine, { rules, facts, steps }: Scenario): Generator<Run> {
  const pool = engine.open(rules, facts);
  const now = facts.toSorted((a, b) => a.operatorId - b.operatorId);
  const idAt = (at: number) => now[at % (now.length + 1)]?.operatorId ?? STRANGER;
  const setLoad = (id: Facts['operatorId'], loadOf: (before: number) => number) => {
    const place = now.findIndex((one) => one.operatorId === id);
    if (place >= 0) now[place] = { ...now[place]!, load: loadOf(now[place]!.load) };
    pool.setLoad(id, now[place]?.load ?? 0);
  };

  for (const step of steps) {
    if (step.kind === 'load') {
      setLoad(idAt(step.of), () => step.load);
      continue;
    }
    const wish: Wish = {
      prefer: step.prefer === null ? null : idAt(step.prefer),
      except: passingOver(...step.except.map(idAt)),
    };
    const verdict = engine.decide(pool, (below) => step.luck % below, wish);
    yield { rules, facts: [...now], wish, luck: step.luck, pool, verdict };
    const chosen = chosenBy(verdict);
    if (chosen !== null) setLoad(chosen, (before) => before + 1);
  }
}

function someContact() {
  return fc.record({
    kind: fc.constant('contact'),
    luck: fc.maxSafeNat(),
    prefer: fc.option(fc.nat(), { freq: 2 }),
    except: fc.array(fc.nat(), { maxLength: 3 }),
  });
}

function operators(minLength: number, maxLength: number): fc.Arbitrary<Facts[]> {
  return fc.uniqueArray(someFacts, { minLength, maxLength, size: 'max', selector: (one) => one.operatorId });
}

function oftenTrue(): fc.Arbitrary<boolean> {
  return fc.constantFrom(true, true, true, true, false);
}
