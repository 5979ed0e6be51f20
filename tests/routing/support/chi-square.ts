/**
 * The chi-square values that chance exceeds once in a thousand, by degrees of freedom
 * (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4).
 */
const CRITICAL_AT_0_001: Record<number, number> = { 1: 10.828, 2: 13.816, 3: 16.266, 4: 18.467, 9: 27.877 };

/** Whether counts fit the weights with p > 0.001; what has no weight must have no count. */
export function fits(counts: readonly number[], weights: readonly number[]): boolean {
  const picks = sum(counts);
  const total = sum(weights);
  const cells = weights.map((weight, i) => ({ count: counts[i]!, expected: (picks * weight) / total }));
  const weighted = cells.filter(({ expected }) => expected > 0);
  const critical = CRITICAL_AT_0_001[weighted.length - 1];
  if (critical === undefined)
    throw new Error(`no critical value for ${weighted.length - 1} degrees of freedom`);
  const distance = sum(weighted.map(({ count, expected }) => (count - expected) ** 2 / expected));
  return distance < critical && cells.every(({ count, expected }) => expected > 0 || count === 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
