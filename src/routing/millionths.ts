const MILLION = 1_000_000n;

/**
 * Fractions over one denominator in whole millionths that sum to those of their sum: each is rounded down, and what is
 * missing then goes, one each, to those that lost most (the largest remainders; of equal ones the earlier). Up to 2^53
 * millionths each.
 */
export function inMillionths(numerators: readonly bigint[], denominator: bigint): number[] {
  const parts = numerators.map((numerator, place) => {
    const down = floorOf(numerator * MILLION, denominator);
    return { place, down, lost: numerator * MILLION - down * denominator };
  });
  const lost = parts.reduce((sum, part) => sum + part.lost, 0n);
  // To the nearest; half of a millionth goes up.
  const missing = Number(floorOf(2n * lost + denominator, 2n * denominator));
  const byLoss = parts.toSorted((a, b) => Number(b.lost > a.lost) - Number(b.lost < a.lost));
  const rounded = parts.map(({ down }) => Number(down));
  for (const { place } of byLoss.slice(0, missing)) rounded[place]! += 1;
  return rounded;
}

function floorOf(numerator: bigint, denominator: bigint): bigint {
  const whole = numerator / denominator;
  return numerator % denominator < 0n ? whole - 1n : whole;
}
