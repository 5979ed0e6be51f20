import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { patchSourceOperators, updateSource } from '../api/admin-calls.ts';
import { updateOperator } from '../api/calls.ts';
import { queryClient, weightsOf } from '../api/queries.ts';
import { keepOperator } from '../operators/use-operators.ts';
import { keepSource } from '../sources/use-sources.ts';
import { wordsOf } from '../shell/words.ts';
import type { Edit } from './draft.ts';
import { updateOf, type Fate, type Step } from './steps.ts';

/** How a step went: null while it has not been tried, `fault` in words where it failed. */
export type Progress = { step: Step; outcome: 'done' | { fault: string } | null };

/** Applies step after step; one that fails does not keep the others back. `onDone` hears of each that is done. */
export function useApplying(onDone: (edits: readonly Edit[]) => void) {
  const [progress, setProgress] = useState<readonly Progress[]>([]);

  const applying = useMutation({
    mutationFn: async ({ steps, fate }: { steps: readonly Step[]; fate: Fate }) => {
      const all: Progress[] = steps.map((step) => ({ step, outcome: null }));
      setProgress(all);
      for (const [place, { step }] of all.entries()) {
        all[place] = { step, outcome: await outcomeOf(step, fate) };
        setProgress([...all]);
        if (all[place].outcome === 'done') onDone(step.differences);
      }
      return all.every(({ outcome }) => outcome === 'done');
    },
  });
  return { progress, applying };
}

async function outcomeOf(step: Step, fate: Fate): Promise<Progress['outcome']> {
  try {
    await apply(step, fate);
    return 'done';
  } catch (error) {
    return { fault: wordsOf(error) };
  }
}

async function apply(step: Step, fate: Fate): Promise<void> {
  switch (step.kind) {
    case 'operator':
      keepOperator(await updateOperator(step.operatorId, updateOf(step.differences, fate)));
      return;
    case 'strategy':
      keepSource(await updateSource(step.sourceId, { strategy: step.strategy }));
      return;
    case 'weights': {
      const operator_weights = step.differences.map(({ operatorId, value }) => ({
        operator_id: operatorId,
        weight: value,
      }));
      const answer = await patchSourceOperators(step.sourceId, { operator_weights });
      queryClient.setQueryData(weightsOf(step.sourceId).queryKey, answer);
    }
  }
}
