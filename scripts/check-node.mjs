// Plain JavaScript of the oldest kind we may meet: it has to run where nothing else of Leadgate does.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const wanted = engines.node.replace('>=', '');
const isOlder = wanted.localeCompare(process.versions.node, 'en', { numeric: true }) > 0;

if (isOlder) {
  const advice = 'install it, or start by npm scripts after "npm ci", which brings one along';
  console.error(`Leadgate needs Node ${wanted} or newer, this is ${process.versions.node}: ${advice}.`);
  process.exit(1);
}
