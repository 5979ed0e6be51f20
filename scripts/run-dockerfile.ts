// Runs the steps of the Dockerfile where no container engine is: every stage is a folder tree, and the absolute paths
// that the Dockerfile names lie below that folder. What came out is started, asked whether it is well, and stopped.
//
//   node scripts/run-dockerfile.ts [--into FOLDER]     there the stages stay; without it nothing is left behind
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildImage, type Image, isInstalled, isRoot } from './dockerfile/build.ts';

const HEALTHY_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 200;
// What `docker stop` grants.
const STOPPED_WITHIN_MS = 10_000;

const { values } = parseArgs({ options: { into: { type: 'string' } } });
const home = values.into ?? mkdtempSync(join(tmpdir(), 'leadgate-image-'));
try {
  const image = buildImage(fileURLToPath(new URL('..', import.meta.url)), home);
  image.processEnv['PORT'] = String(await freePort());
  await tryOut(image);
  console.log('The steps of the Dockerfile run, and what they make is well.');
} finally {
  if (values.into === undefined) rmSync(home, { recursive: true, force: true });
}

async function tryOut(image: Image): Promise<void> {
  console.log(isRoot ? `as the user ${image.user}` : 'as the present user: only root may become another one');
  const gateway = start(image, [...initOf(image), ...image.command]);
  const ended = once(gateway, 'exit') as Promise<[number | null]>;
  try {
    await untilHealthy(image, gateway);
    await askAround(image);
    gateway.kill(image.stopSignal);
    const code = await Promise.race([ended.then(([exit]) => exit), pause(STOPPED_WITHIN_MS, 'late')]);
    if (code !== 0) throw new Error(`${image.stopSignal} does not end it with 0: ${code}`);
    console.log(`${image.stopSignal} ends it with 0`);
  } finally {
    if (gateway.exitCode === null && gateway.signalCode === null) gateway.kill('SIGKILL');
  }
}

async function untilHealthy(image: Image, gateway: ChildProcess): Promise<void> {
  if (image.health === null) throw new Error('the image has no HEALTHCHECK');
  const since = performance.now();
  while (performance.now() - since < HEALTHY_WITHIN_MS) {
    if (gateway.exitCode !== null) throw new Error(`it ended by itself with ${gateway.exitCode}`);
    if ((await exitOf(start(image, image.health))) === 0) {
      console.log(`healthy after ${((performance.now() - since) / 1000).toFixed(1)} s`);
      return;
    }
    await pause(ASK_EVERY_MS);
  }
  throw new Error('it did not become healthy');
}

/** Asks for readiness, for the console with its script, and runs a command beside the gateway. */
async function askAround(image: Image): Promise<void> {
  const url = `http://127.0.0.1:${image.processEnv['PORT']}`;
  await expectAnswer(`${url}/readyz`, /"status":"ready"/);
  const page = await expectAnswer(`${url}/`, /<div id="root">/);
  const [, script] = /src="(\/assets\/[^"]+\.js)"/.exec(page) ?? [];
  if (script === undefined) throw new Error('the page of the console names no script');
  await expectAnswer(url + script, /./);
  const code = await exitOf(start(image, ['node', 'src/cli/main.ts', 'status']));
  if (code !== 0) throw new Error(`the command line ends with ${code}`);
  console.log('/readyz, the console and the command line answer');
}

/** A process of the container: in its folder, as its user, with nothing of our environment. */
function start(image: Image, [program, ...words]: string[]): ChildProcess {
  const [uid = 0, gid = uid] = (image.user ?? '0').split(':').map(Number);
  if (!(uid > 0))
    throw new Error(`the image would run as ${image.user ?? 'root'}, not as the number of a user`);
  return spawn(program!, words, {
    cwd: image.inside(image.workdir),
    env: image.processEnv,
    stdio: ['ignore', 'ignore', 'inherit'],
    ...(isRoot && { uid, gid }),
  });
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** The init before the command; where this system has none, the command goes without. */
function initOf({ entrypoint, processEnv }: Image): string[] {
  const [init] = entrypoint;
  if (init === undefined || isInstalled(init, processEnv)) {
    // Here it is not process 1: it has to say that it collects its orphans all the same.
    processEnv['TINI_SUBREAPER'] = '1';
    return entrypoint;
  }
  console.log(`without ${init}: this system does not have it`);
  return [];
}

async function expectAnswer(url: string, pattern: RegExp): Promise<string> {
  const answer = await fetch(url, { headers: { accept: 'text/html,*/*' } });
  const text = await answer.text();
  if (answer.status === 200 && pattern.test(text)) return text;
  throw new Error(`${url} answers ${answer.status}: ${text.slice(0, 500)}`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  return port;
}
