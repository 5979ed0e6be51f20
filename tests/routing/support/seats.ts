import { manyFacts, operator } from './builders.ts';
import { endless, give, poolOf } from './pools.ts';

/** A source of smooth_weighted whose caps fill. */
type Seats = {
  weights: number[];
  caps: number[];
  /** After how many arrivals a contact ends. */
  lasts: (contact: number) => number;
  /** Before each arrival: who comes or goes. */
  switches: (number | null)[];
  contacts: number;
};

/** Contacts take seats and free them; tells who got how many, and the largest distance to the sum of momentary shares. */
export function playSeats({ weights, caps, lasts, switches, contacts }: Seats): {
  counts: number[];
  farthest: number;
} {
  const pool = poolOf(
    'smooth_weighted',
    manyFacts(weights.length, (n) => ({ weight: weights[n - 1]!, maxLoad: caps[n - 1]! })),
  );
  const team = weights.map((weight) => ({ weight, load: 0, isAway: false, count: 0, owed: 0 }));
  const ends = new Map<number, number[]>();
  const tell = (place: number) => {
    const { load, isAway } = team[place]!;
    pool.setLoad(operator(place + 1), isAway ? endless.maxLoad : load);
  };
  let farthestLag = 0;
  for (let contact = 0; contact < contacts; contact++) {
    for (const place of ends.get(contact) ?? []) {
      team[place]!.load -= 1;
      tell(place);
    }
    const switched = switches[contact] ?? null;
    if (switched !== null && switched < team.length) {
      team[switched]!.isAway = !team[switched]!.isAway;
      tell(switched);
    }
    const total = pool.totalWeight;
    const eligible = team.filter((_, place) => pool.isEligible(operator(place + 1)));
    const chosen = give(pool);
    if (chosen === null) continue;
    for (const one of eligible) one.owed += one.weight / total;
    const winner = team[chosen - 1]!;
    winner.count += 1;
    winner.load += 1;
    tell(chosen - 1);
    const end = contact + lasts(contact);
    ends.set(end, [...(ends.get(end) ?? []), chosen - 1]);
    farthestLag = Math.max(farthestLag, ...team.map(({ owed, count }) => Math.abs(owed - count)));
  }
  return { counts: team.map(({ count }) => count), farthest: farthestLag };
}
