// Weighs the built console as browsers get it, gzipped (1 KB = 1000 bytes), and fails when a part of it is too heavy.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMITS = { first: 260, styles: 40, statistics: 140, lazy: 40 };
const STATISTICS = 'src/statistics/statistics-page.tsx';
// The words of the reader's language are asked for at once, though index.html cannot know which.
const WORDS = /^src\/i18n\/[a-z]+\/first\.ts$/;

const folder = process.argv[2] ?? fileURLToPath(new URL('../dist/console', import.meta.url));
if (!existsSync(`${folder}/.vite/manifest.json`)) {
  console.error('The console is not built: npm run build:console builds it.');
  process.exit(1);
}
const manifest = JSON.parse(readFileSync(`${folder}/.vite/manifest.json`, 'utf8'));
const page = readFileSync(`${folder}/index.html`, 'utf8');

function weigh(files) {
  let bytes = 0;
  for (const file of files) bytes += gzipSync(readFileSync(`${folder}/${file}`)).length;
  return bytes / 1000;
}

/** The scripts that come with these chunks beside those in `had`: by static imports, or by all of them. */
function scriptsOf(keys, had, follow = ({ imports = [] }) => imports) {
  const found = new Set();
  const waiting = [...keys];
  for (const key of waiting) {
    const chunk = manifest[key];
    if (found.has(chunk.file) || had.has(chunk.file)) continue;
    found.add(chunk.file);
    waiting.push(...follow(chunk));
  }
  return found;
}

const byPage = new Set([...page.matchAll(/"\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file));
const words = Object.keys(manifest).filter((key) => WORDS.test(key));
const longest = words.toSorted((a, b) => weigh([manifest[b].file]) - weigh([manifest[a].file]))[0];
const first = [...byPage, ...scriptsOf([longest], byPage)];

const ofEvery = ({ imports = [], dynamicImports = [] }) => [...imports, ...dynamicImports];
const statistics = scriptsOf([STATISTICS], byPage, ofEvery);
const others = Object.keys(manifest).filter(
  (key) => manifest[key].isDynamicEntry && !statistics.has(manifest[key].file),
);
const lazy = [...scriptsOf(others, byPage)];
const styles = Object.values(manifest).flatMap(({ file, css = [] }) => [file, ...css]);

const parts = [
  [`first load, with ${longest}`, weigh(first), LIMITS.first],
  ['all styles', weigh(new Set(styles.filter((file) => file.endsWith('.css')))), LIMITS.styles],
  ['statistics room', weigh(statistics), LIMITS.statistics],
  ...lazy.map((file) => [file, weigh([file]), LIMITS.lazy]),
];
const [firstLoad, allStyles, room, ...later] = parts;
const heaviest = later.toSorted((a, b) => b[1] - a[1])[0];
for (const [name, size, limit] of [firstLoad, allStyles, room, heaviest])
  console.log(`${size.toFixed(1).padStart(6)} of ${limit} KB  ${name}`);

const tooHeavy = parts.filter(([, size, limit]) => size > limit);
for (const [name, size, limit] of tooHeavy)
  console.error(`Too heavy: ${name} is ${size.toFixed(1)} KB, ${limit} KB are agreed.`);
if (tooHeavy.length > 0) process.exitCode = 1;
