/** One instruction of a Dockerfile: its flags (`--from=console`) and the words behind them, as they stand there. */
export type Step = { instruction: string; flags: Record<string, string>; words: string };

/** What stands between one FROM and the next. */
export type Stage = { name: string | null; base: string; steps: Step[] };

/** The stages of a Dockerfile, in order. */
export function readDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const step of text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readStep)) {
    if (step.instruction === 'FROM') {
      const [base, , name] = step.words.split(/\s+/);
      stages.push({ base: base!, name: name ?? null, steps: [] });
    } else if (stages.length === 0) throw new Error(`${step.instruction} stands before the first FROM`);
    else stages.at(-1)!.steps.push(step);
  }
  return stages;
}

function readStep(line: string): Step {
  const [, instruction, rest] = /^\s*(\w+)\s+(.*)$/s.exec(line) ?? [];
  if (instruction === undefined || rest === undefined) throw new Error(`not an instruction: ${line}`);
  const flags: Record<string, string> = {};
  const words = rest.replace(/^(?:\s*--[\w-]+=\S+)+/, (all) => {
    for (const [, name, value] of all.matchAll(/--([\w-]+)=(\S+)/g)) flags[name!] = value!;
    return '';
  });
  return { instruction: instruction.toUpperCase(), flags, words: words.trim().replaceAll(/\s+/g, ' ') };
}

/** The command of a CMD, ENTRYPOINT or HEALTHCHECK in its exec form: without a shell, so that signals arrive. */
export function readExec(words: string): string[] {
  const parsed: unknown = JSON.parse(words);
  if (!Array.isArray(parsed) || !parsed.every((word) => typeof word === 'string'))
    throw new Error(`not in the exec form: ${words}`);
  return parsed;
}

/** `A=1 B="two words"`, as an ENV has it. */
export function readPairs(words: string): [string, string][] {
  const pairs = [...words.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|\S+)/g)];
  return pairs.map(([, name, value]) => [name!, value!.replace(/^"(.*)"$/s, '$1')]);
}

/** What a `.dockerignore` lets into the build. */
export type Ignore = {
  /** Of the patterns that match a path or a folder above it, the last counts. */
  letsIn(path: string): boolean;
  /** Whether something in this folder may be let in, though the folder itself is not. */
  mayHold(folder: string): boolean;
};

export function readIgnore(text: string): Ignore {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({
      isLetIn: line.startsWith('!'),
      pattern: line.replace(/^!/, '').replaceAll(/^\/|\/$/g, ''),
    }));
  return {
    letsIn(path) {
      const parts = path.split('/');
      const selfAndAbove = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
      const rule = rules.findLast(({ pattern }) => selfAndAbove.some((one) => matches(one, pattern)));
      return rule?.isLetIn ?? true;
    },
    mayHold: (folder) =>
      rules.some(
        ({ isLetIn, pattern }) => isLetIn && (pattern.startsWith(`${folder}/`) || pattern.startsWith('*')),
      ),
  };
}

/** As engines match: unlike in a shell, `**` and `*` take names that begin with a dot, too. */
function matches(path: string, pattern: string): boolean {
  const parts = pattern.split(/(\*\*\/?|\*|\?)/).map((part, index) => {
    if (index % 2 === 0) return RegExp.escape(part);
    if (part === '?') return '[^/]';
    return part === '*' ? '[^/]*' : '.*';
  });
  return new RegExp(`^${parts.join('')}$`, 's').test(path);
}
