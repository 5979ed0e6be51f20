// Writes what the gateway is made of, for people who have to know: artifacts/sbom.json, or the file that is named, in
// CycloneDX. It needs no network: everything stands in package-lock.json.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = resolve(process.argv[2] ?? `${root}/artifacts/sbom.json`);

const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8'));
const { name } = packages[''];
const production = new Set(
  Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`),
);

// `--omit dev` leaves out what production and development share: pg, ws, zod.
const words = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
const bom = JSON.parse(execFileSync('npm', words, { ...options, shell: process.platform === 'win32' }));

bom.components = bom.components.filter((component) => production.has(refOf(component)));
const kept = new Set([
  bom.metadata.component['bom-ref'],
  ...bom.components.map((component) => component['bom-ref']),
]);
bom.dependencies = bom.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
// npm names it after the folder.
bom.metadata.component.name = name;

mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
console.log(`${file}: ${bom.components.length} packages.`);

function refOf(component) {
  return `${component.name}@${component.version}`;
}
