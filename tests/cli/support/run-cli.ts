import { readFileSync } from 'node:fs';
import { runCommand } from '../../../src/cli/run.ts';
import { SECRET_KEY } from '../../support/gateway.ts';

export type Said = { code: number; printed: string; hinted: string };

/** Runs a command as a person would, in this process. */
export async function runCli(command: string, env: Record<string, string> = {}): Promise<Said> {
  const [printed, hinted]: string[][] = [[], []];
  const code = await runCommand(command.split(' ').filter(Boolean), {
    env: { SECRET_KEY, ...env },
    readText: (path) => readFileSync(path, 'utf8'),
    print: (line) => void printed!.push(line),
    hint: (line) => void hinted!.push(line),
  });
  return { code, printed: printed!.join('\n'), hinted: hinted!.join('\n') };
}
