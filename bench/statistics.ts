/** The middle one; of an even number of them the upper of the two in the middle. */
export function median(numbers: readonly number[]): number {
  return sorted(numbers)[Math.floor(numbers.length / 2)]!;
}

/** The median with the lowest and the highest of the rounds. */
export function spread(rounds: readonly number[], digits = 0): string {
  const all = sorted(rounds);
  const [low, high] = [all[0]!.toFixed(digits), all.at(-1)!.toFixed(digits)];
  return `${median(rounds).toFixed(digits)} (${low}–${high})`;
}

/** The smallest value that at least this part (0 to 1) of them does not exceed: nearest rank, nothing interpolated. */
export function percentile(numbers: readonly number[], part: number): number {
  const rank = Math.max(1, Math.ceil(part * numbers.length));
  return sorted(numbers)[rank - 1]!;
}

/** The ratio of two series, round by round: what slows a round down slows both of its sides. */
export function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.map((value, round) => value / theirs[round]!);
}

function sorted(numbers: readonly number[]): number[] {
  if (numbers.length === 0) throw new Error('there is nothing to take a figure from');
  return numbers.toSorted((a, b) => a - b);
}

type Run = () => number | Promise<number>;

/**
 * Runs each of them once a round, in turn and every second round backwards, so that a machine that slows down slows
 * them alike. Answers one series for each.
 */
export async function inTurn(rounds: number, runs: readonly Run[]): Promise<number[][]> {
  const series: number[][] = runs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const order = [...runs.entries()];
    if (round % 2 === 1) order.reverse();
    for (const [index, run] of order) series[index]!.push(await run());
  }
  return series;
}
