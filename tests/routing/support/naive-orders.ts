import type { OperatorId } from '../../../src/contract/ids.ts';
import { isLessLoaded } from '../../../src/routing/least-loaded.ts';
import { nextMoment, windowOf } from '../../../src/routing/smooth-weighted.ts';
import { operator } from './builders.ts';

/** An operator with the id place + 1. */
type Member = { weight: number; load: number; maxLoad: number };

/** A strategy that goes by an order, as anybody would write it first: everybody is looked at for each contact. */
export type NaiveOrder = {
  give: (except: readonly OperatorId[]) => OperatorId | null;
  setLoad: (place: number, load: number) => void;
  marks: () => (number | null)[];
};

type Standing = Member & { place: number; mark: number | null };

const isEligible = ({ weight, load, maxLoad }: Member) => weight > 0 && load < maxLoad;

function freeOf(team: readonly Standing[], except: readonly OperatorId[]): Standing[] {
  return team.filter((one) => isEligible(one) && !except.includes(operator(one.place + 1)));
}

/** Of those who are free: whom a sorted list puts first; its mark is the number of the contact. */
export function leastLoadedNaively(members: readonly Member[]): NaiveOrder {
  const team: Standing[] = members.map((one, place) => ({ ...one, place, mark: null }));
  let turn = 0;
  return {
    give(except) {
      const [first] = freeOf(team, except).toSorted((a, b) =>
        isLessLoaded(a, b) ? -1 : Number(isLessLoaded(b, a)),
      );
      if (first === undefined) return null;
      first.mark = ++turn;
      return operator(first.place + 1);
    },
    setLoad: (place, load) => void (team[place]!.load = load),
    marks: () => team.map(({ mark }) => mark),
  };
}

/** The earliest deadline among those owed, else the earliest to be owed; who is away keeps how far behind it is. */
export function smoothWeightedNaively(members: readonly Member[]): NaiveOrder {
  const team = members.map((one, place) => ({ ...one, place, mark: 0, lag: 0 }));
  let time = 0;
  const markOf = (one: (typeof team)[number]) => (isEligible(one) ? one.mark : one.weight * time - one.lag);
  return {
    give(except) {
      const free = freeOf(team, except) as typeof team;
      const total = free.reduce((sum, { weight }) => sum + weight, 0);
      if (total === 0) return null;
      time = nextMoment(time, total);
      const timed = free.map((one) => ({ one, ...windowOf(one.mark, one.weight, team.length) }));
      const owed = timed.filter(({ release }) => release <= time).toSorted((a, b) => a.deadline - b.deadline);
      const { one } = owed[0] ?? timed.toSorted((a, b) => a.release - b.release)[0]!;
      one.mark += 1;
      const leftOut = team.filter((other) => isEligible(other) && except.includes(operator(other.place + 1)));
      for (const other of leftOut) other.mark += other.weight / total;
      return operator(one.place + 1);
    },
    setLoad(place, load) {
      const one = team[place]!;
      const before = markOf(one);
      const wasThere = isEligible(one);
      one.load = load;
      if (wasThere && !isEligible(one)) one.lag = one.weight * time - before;
      if (!wasThere && isEligible(one)) one.mark = before;
    },
    marks: () => team.map(markOf),
  };
}
