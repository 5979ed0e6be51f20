/** Where a fault is told; `form`: in no field. */
export type Place = 'rate' | 'handling_time' | 'period' | 'sources' | 'changes' | 'form';

const places: readonly (readonly [RegExp, Place])[] = [
  [/^arrivals\.rate/, 'rate'],
  [/^arrivals\.handling_time/, 'handling_time'],
  [/^(from|to)$/, 'period'],
  [/^source_ids/, 'sources'],
  [/^changes/, 'changes'],
];

/** The places of the form to which the faults at these paths of the body belong; where no path says it, the form. */
export function placesOf(paths: readonly string[]): Place[] {
  const found = paths.map((path) => places.find(([pattern]) => pattern.test(path))?.[1] ?? 'form');
  return found.length === 0 ? ['form'] : [...new Set(found)];
}
