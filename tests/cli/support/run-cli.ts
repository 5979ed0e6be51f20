import { readFileSync } from 'node:fs';
import { runCommand } from '../../../src/cli/run.ts';
import { SECRET_KEY } from '../../support/gateway.ts';

export type Said = { code: number; printed: string; hinted: string };

/** Runs a command as a person would, in this process. */
export async function runCli(
  command: string | string[],
  env: Record<string, string> = {},
  input = '',
): Promise<Said> {
  const [printed, hinted]: string[][] = [[], []];
  const words = typeof command === 'string' ? command.split(' ').filter(Boolean) : command;
  const code = await runCommand(words, {
    env: { SECRET_KEY, ...env },
    readText: (path) => readFileSync(path, 'utf8'),
    readInput: () => input,
    print: (line) => void printed!.push(line),
    hint: (line) => void hinted!.push(line),
  });
  return { code, printed: printed!.join('\n'), hinted: hinted!.join('\n') };
}
