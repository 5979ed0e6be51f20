// Asks the registry for known faults of what is installed. Not every registry answers that question, and one that does
// not is no fault of the packages: it ends with 3, and says so.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const { stdout, stderr, status } = spawnSync('npm', ['audit', '--json', ...process.argv.slice(2)], {
  cwd,
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
const report = parse(stdout);

if (report?.metadata?.vulnerabilities === undefined) {
  const why = report?.message ?? report?.error?.summary ?? stderr.trim().split('\n').at(-1) ?? '';
  console.error(`The registry did not answer, so nothing is known, good or bad: ${why}`);
  console.error('Ask from another network, or another registry: npm run audit -- --registry ADDRESS');
  process.exit(3);
}
for (const { name, severity, range } of Object.values(report.vulnerabilities))
  console.log(`${severity.padEnd(8)} ${name} ${range}`);
const { total, ...counts } = report.metadata.vulnerabilities;
const found = Object.entries(counts).filter(([, count]) => count > 0);
console.log(
  total === 0
    ? 'No known fault in any package.'
    : `${total} packages with known faults: ${found.map(([severity, count]) => `${count} ${severity}`).join(', ')}.`,
);
process.exit(status === 0 ? 0 : 1);

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
