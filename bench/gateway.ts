import { readFileSync } from 'node:fs';
import { type Started, startServer } from '../tests/support/gateway.ts';

export type { Started };

export const ADMIN_TOKEN = 'bench-bench-bench-bench-bench-bench';

/** What `npm start` runs, flags included: nothing else is measured. */
function startArguments(): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start.split(' ').slice(1);
}

/** Starts a gateway as `npm start` does, on a free port. Resolves when it says its address. */
export function startGateway(env: Record<string, string>): Promise<Started> {
  return startServer(startArguments(), { PORT: '0', ADMIN_TOKEN, ...env }, /(https?:\/\/[\w.]+:\d+)/);
}

/** What a gateway tells of itself under /metrics. */
export type Usage = { rssMb: number; cpuSeconds: number };

export async function usageOf({ url }: { url: string }): Promise<Usage> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const read = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)![1]);
  return {
    rssMb: read('process_resident_memory_bytes') / 2 ** 20,
    cpuSeconds: read('process_cpu_seconds_total'),
  };
}
