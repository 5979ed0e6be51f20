/**
 * The chance that two samples of one distribution differ in their ranks by so much or more: the Mann–Whitney U test, two
 * sides, by the normal approximation with the correction for ties and for continuity. For samples of 20 and more.
 */
export function rankTest(one: readonly number[], other: readonly number[]): number {
  const all = [
    ...one.map((value) => ({ value, isFirst: true })),
    ...other.map((value) => ({ value, isFirst: false })),
  ];
  all.sort((a, b) => a.value - b.value);
  const [n, m] = [one.length, other.length];
  let rankSum = 0;
  let ties = 0;
  for (let start = 0; start < all.length;) {
    let end = start;
    while (end < all.length && all[end]!.value === all[start]!.value) end++;
    const alike = all.slice(start, end);
    // Those alike share the mean of their ranks, which are counted from 1.
    rankSum += alike.filter(({ isFirst }) => isFirst).length * ((start + 1 + end) / 2);
    ties += alike.length ** 3 - alike.length;
    start = end;
  }
  const u = rankSum - (n * (n + 1)) / 2;
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (variance === 0) return 1;
  const z = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5) / Math.sqrt(variance);
  return Math.min(1, 2 * upperTail(z));
}

/** The chance of a standard normal value above z; Abramowitz and Stegun 26.2.17, within 7.5e-8 near 0 and closer beyond. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
