import type { Chooser, Draw, Pick, Question } from './strategy.ts';
import type { WeightTree } from './weight-tree.ts';

/** Chance = weight / sum of eligible weights. It keeps nothing: each draw is apart from the others. */
export class WeightedRandom implements Chooser {
  readonly turn = 0;
  readonly #tree: WeightTree;

  constructor(tree: WeightTree) {
    this.#tree = tree;
  }

  mark(): null {
    return null;
  }

  set(): void {
    // The tree of effective weights knows already.
  }

  /** Finds the ticket's holder as if those left out had no weight: tickets from there on belong to later ones. */
  pick({ totalWeight, except }: Question, draw: Draw): Pick {
    const ticket = draw(totalWeight);
    if (!Number.isInteger(ticket) || ticket < 0 || ticket >= totalWeight)
      throw new RangeError(`ticket ${ticket} is not an integer from 0 below ${totalWeight}`);
    let moved = ticket;
    for (const place of except) if (moved >= this.#tree.sumBefore(place)) moved += this.#tree.at(place);
    return { place: this.#tree.find(moved), ticket };
  }

  runnerUp(): null {
    return null;
  }

  took(): void {
    // Nothing is kept.
  }
}
