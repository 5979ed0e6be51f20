import { readFileSync } from 'node:fs';
import { runCommand } from './run.ts';

try {
  process.loadEnvFile();
} catch (error) {
  // A `.env` is read when present.
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  readText: (path) => readFileSync(path, 'utf8'),
  readInput: () => readFileSync(0, 'utf8'),
  print: (line) => console.log(line),
  hint: (line) => console.error(line),
});
