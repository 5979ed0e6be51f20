// A run is sorted in a millisecond or less.
const RUN = 8_192;

/** Sorts numbers so that they rise, in steps that are short each: a merge sort of sorted runs. `values` is used up. */
export function* sortInSteps(values: Float64Array): Generator<void, Float64Array, void> {
  for (let start = 0; start < values.length; start += RUN) {
    values.subarray(start, start + RUN).sort();
    yield;
  }
  let from = values;
  let to: Float64Array = new Float64Array(values.length);
  for (let width = RUN; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = start + width;
      merge(from.subarray(start, middle), from.subarray(middle, middle + width), to.subarray(start));
      yield;
    }
    [from, to] = [to, from];
  }
  return from;
}

function merge(left: Float64Array, right: Float64Array, into: Float64Array): void {
  const count = left.length + right.length;
  let [l, r] = [0, 0];
  for (let place = 0; place < count; place++) {
    const isLeft = r >= right.length || (l < left.length && left[l]! <= right[r]!);
    into[place] = isLeft ? left[l++]! : right[r++]!;
  }
}
