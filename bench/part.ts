import type { Postgres } from './postgres.ts';
import type { Table } from './table.ts';

/** One subject of the benchmarks, run by its name. */
export type Part = {
  name: string;
  title: string;
  /** What is measured, beside which physical limit. */
  about: string;
  run(bench: Bench): Promise<Findings>;
};

export type Findings = { tables: Table[]; goals: Goal[] };

/** A goal is printed with what came out; no run fails for it. */
export type Goal = { about: string; goal: string; found: string; isMet: boolean };

/** What the parts of one run share. */
export type Bench = {
  /** A folder for databases; it goes when the run ends. */
  folder: string;
  /** A short run shows that everything works; its figures mean little. */
  isShort: boolean;
  /** Starts the run's PostgreSQL server when it is first asked for. */
  postgres(): Promise<Postgres>;
};

/** How many rounds, or seconds, of a full run a short one makes of it. */
export function atLeastOne(full: number, { isShort }: Bench): number {
  return isShort ? 1 : full;
}

export function goalAtLeast(about: string, found: number, goal: number): Goal {
  return { about, goal: `>= ${shown(goal)}`, found: shown(found), isMet: found >= goal };
}

export function goalAtMost(about: string, found: number, goal: number): Goal {
  return { about, goal: `<= ${shown(goal)}`, found: shown(found), isMet: found <= goal };
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
