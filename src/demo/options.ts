import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export type DemoOptions = {
  port: number;
  /** How many times as fast as life. */
  speed: number;
  /** Begins anew instead of going on where the last demo stopped. */
  isFresh: boolean;
  /** The same seed draws the same names, scenarios and pauses. */
  seed: string;
  /** Where `demo.db` lies. */
  folder: string;
};

/** What stands behind `npm run demo --` cannot be understood. */
export class OptionFault extends Error {}

export const USAGE = `npm run demo -- [--speed N] [--fresh] [--port N] [--seed TEXT] [--data FOLDER]
  --speed N       N times as fast as life, 0.1 to 100 (1)
  --fresh         begin anew; otherwise the last demo goes on
  --port N        where to listen, 0 takes a free one (8000)
  --seed TEXT     the same seed draws the same customers (demo)
  --data FOLDER   where demo.db is kept (./data)`;

/** Throws OptionFault. */
export function readOptions(args: string[]): DemoOptions {
  const values = parse(args);
  return {
    port: numberIn('--port', values.port ?? '8000', (port) => Number.isInteger(port) && port <= 65_535),
    speed: numberIn('--speed', values.speed ?? '1', (speed) => speed >= 0.1 && speed <= 100),
    isFresh: values.fresh ?? false,
    seed: values.seed ?? 'demo',
    folder: resolve(values.data ?? 'data'),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        speed: { type: 'string' },
        fresh: { type: 'boolean' },
        port: { type: 'string' },
        seed: { type: 'string' },
        data: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new OptionFault(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

function numberIn(name: string, text: string, isFine: (value: number) => boolean): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : -1;
  if (value < 0 || !isFine(value)) throw new OptionFault(`${name} ${text} will not do.\n${USAGE}`);
  return value;
}
