import type { Facts, SourceRules } from '../../../src/routing/candidate.ts';
import { decide } from '../../../src/routing/decide.ts';
import { explain } from '../../../src/routing/explain.ts';
import { Pool } from '../../../src/routing/pool.ts';
import { replay } from '../../../src/routing/replay.ts';

/** What the laws speak of: they take the engine as an argument, so that wrong ones can be shown to break them. */
export type Engine = {
  open: (rules: SourceRules, facts: readonly Facts[]) => Pool;
  decide: typeof decide;
  explain: typeof explain;
  replay: typeof replay;
};

/** The product's own engine. */
export const engine: Engine = { open: (rules, facts) => new Pool(rules, facts), decide, explain, replay };
