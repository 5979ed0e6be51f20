import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bots } from './bots.ts';
import { printResult, type Result, writeDocument } from './document.ts';
import { drain } from './drain.ts';
import { gateways } from './gateways.ts';
import { growth } from './growth.ts';
import { intake } from './intake.ts';
import { latency } from './latency.ts';
import { describeMachine } from './machine.ts';
import type { Bench } from './part.ts';
import { pick } from './pick.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { sockets } from './sockets.ts';
import { startup } from './startup.ts';
import { whatIf } from './what-if.ts';

const parts = [startup, pick, whatIf, drain, intake, growth, gateways, latency, sockets, bots];
const document = new URL('../docs/performance.md', import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0)
  refuse(`there is no ${unknown.join(', ')}; parts: ${parts.map(({ name }) => name).join(' ')}`);
else if (values.write && (values.short || positionals.length > 0))
  refuse('--write takes a full run of all parts');
else await run();

function refuse(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const start = performance.now();
  const chosen = positionals.length === 0 ? parts : parts.filter(({ name }) => positionals.includes(name));
  const results: Result[] = [];
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'leadgate-bench-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  let server: Postgres | null = null;
  const bench: Bench = {
    folder,
    isShort: values.short,
    postgres: async () => (server ??= opened.use(await startPostgres())),
  };
  for (const part of chosen) {
    const result = { part, findings: await part.run(bench) };
    console.log(printResult(result));
    results.push(result);
  }
  const minutes = (performance.now() - start) / 60_000;
  const machine = describeMachine((server as Postgres | null)?.version ?? null);
  console.log(machine.map(([what, which]) => `${what}: ${which}`).join('\n'));
  console.log(`The run took ${minutes.toFixed(1)} minutes.`);
  if (values.write) await writeFile(document, writeDocument(results, machine, minutes));
}
