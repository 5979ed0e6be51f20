import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Simulation } from '../../../src/contract/simulate.ts';
import { simulateRouting } from '../api/admin-calls.ts';
import type { Bench } from './use-bench.ts';
import { changesOf, type Difference } from './draft.ts';
import { bodyOf, isSameQuestion, isSameTraffic, type SimulationBody } from './load.ts';

type Run = { body: SimulationBody; differences: readonly Difference[] };
/** A run that has ended, with what was asked; `turn` counts them. */
export type Ended = Run & { answer: Simulation; turn: number };

/** Runs what is tried. The seed stays from run to run, and the end of the time as long as the same contacts come. */
export function useRun({ load, differences }: Bench) {
  const [ended, setEnded] = useState<Ended | null>(null);
  const asking = useMutation({
    mutationFn: ({ body }: Run) => simulateRouting(body),
    onSuccess: (answer, asked) => setEnded((held) => ({ ...asked, answer, turn: (held?.turn ?? 0) + 1 })),
  });

  const bodyFor = (basis: Parameters<typeof bodyOf>[2]) => bodyOf(load, changesOf(differences), basis);
  const ask = (seed?: number, to = new Date().toISOString()) =>
    asking.mutate({ differences, body: bodyFor({ to, seed }) });

  function run(): void {
    if (ended === null) return ask();
    const { answer, body } = ended;
    ask(answer.seed, isSameTraffic(body, bodyFor(answer)) ? answer.to : undefined);
  }

  return {
    ended,
    /** Something was edited after the run. */
    isStale: ended !== null && !isSameQuestion(ended.body, bodyFor(ended.answer)),
    isRunning: asking.isPending,
    error: asking.error,
    run,
    /** Runs it by another chance, and up to now. */
    reseed: () => ask(),
  };
}
export type Runner = ReturnType<typeof useRun>;
