import dns, { type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { vi } from 'vitest';

type Done = (error: Error | null, found: string | LookupAddress[], family?: number) => void;

/**
 * What names resolve to from now on, in the process: the lowest place there is below our own code. Each name has its
 * answers in order, and the last one stays. `asked` are the names in the order they were looked up.
 */
export function resolveNames(names: Record<string, readonly (readonly string[])[]>) {
  const asked: string[] = [];
  const real = dns.lookup;
  const left = new Map(Object.entries(names).map(([name, answers]) => [name, [...answers]]));
  function lookup(hostname: string, options: { all?: boolean }, done: Done): void {
    const answers = left.get(hostname);
    if (answers === undefined) return real(hostname, options, done as never);
    asked.push(hostname);
    const [found = []] = answers;
    if (answers.length > 1) answers.shift();
    const all = found.map((address) => ({ address, family: isIP(address) }));
    process.nextTick(() =>
      options.all === true ? done(null, all) : done(null, all[0]!.address, all[0]!.family),
    );
  }
  const spy = vi.spyOn(dns, 'lookup').mockImplementation(lookup as never);
  return { asked, [Symbol.dispose]: () => spy.mockRestore() };
}
