import { expect, test } from 'vitest';
import { seededChance } from '../../src/routing/seeded.ts';
import { syntheticLoad } from '../../src/routing/synthetic-load.ts';
import { source } from './support/scenes.ts';

const load = {
  sourceIds: [source(1), source(2), source(3), source(4)],
  rate: 0.01,
  meanHandling: 250,
  duration: 4_000_000,
  seed: 7,
};
const EXPECTED = load.rate * load.duration;

test('contacts come in order, within the time, as many as the rate says, evenly from all sources', () => {
  const contacts = [...syntheticLoad(load)];

  const moments = contacts.map(({ at }) => at);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  expect(moments.at(-1)).toBeLessThan(load.duration);
  expect(Math.abs(contacts.length - EXPECTED)).toBeLessThan(5 * Math.sqrt(EXPECTED));
  for (const id of load.sourceIds) {
    const own = contacts.filter(({ sourceId }) => sourceId === id).length;
    expect(Math.abs(own - EXPECTED / 4)).toBeLessThan(5 * Math.sqrt(EXPECTED / 4));
  }
});

test('gaps and handling times are exponential: the mean as given, and one in e above it', () => {
  const contacts = [...syntheticLoad(load)];

  const gaps = contacts.slice(1).map(({ at }, place) => at - contacts[place]!.at);
  for (const [values, mean] of [
    [gaps, 1 / load.rate],
    [contacts.map(({ handling }) => handling), load.meanHandling],
  ] as const) {
    const found = values.reduce((sum, one) => sum + one, 0) / values.length;
    expect(Math.abs(found / mean - 1)).toBeLessThan(0.03);
    const above = values.filter((one) => one > mean).length / values.length;
    expect(Math.abs(above - 1 / Math.E)).toBeLessThan(0.015);
  }
});

test('the first contact comes after such a gap as well', () => {
  const firsts = Array.from(
    { length: 5_000 },
    (_, seed) => syntheticLoad({ ...load, seed }).next().value!.at,
  );

  // The standard deviation of the mean is 1 / sqrt(5,000) of it.
  const mean = firsts.reduce((sum, one) => sum + one, 0) / firsts.length;
  expect(Math.abs(mean * load.rate - 1)).toBeLessThan(0.07);
});

test('the same seed brings the same load, another one another', () => {
  expect([...syntheticLoad(load)]).toEqual([...syntheticLoad(load)]);
  expect([...syntheticLoad({ ...load, seed: 8 })]).not.toEqual([...syntheticLoad(load)]);
});

test('the first number of each stream is spread evenly, though streams differ by one', () => {
  const cells = Array.from({ length: 100 }, () => 0);
  for (let stream = 1; stream <= 100_000; stream++) cells[Math.floor(seededChance(3, stream)() * 100)]! += 1;

  // Chi-square with 99 degrees of freedom: 149 is passed by one in a thousand.
  const chiSquare = cells.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);
  expect(chiSquare).toBeLessThan(149);
});
