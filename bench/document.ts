import type { Findings, Goal, Part } from './part.ts';
import { asMarkdown, asText } from './table.ts';

export type Result = { part: Part; findings: Findings };

/** What a terminal shows of one part. */
export function printResult({ part, findings: { tables, goals } }: Result): string {
  const lines = [`# ${part.title}`, part.about, ...tables.map(asText), goals.map(goalLine).join('\n')];
  return `${lines.filter((line) => line !== '').join('\n\n')}\n`;
}

function goalLine({ about, goal, found, isMet }: Goal): string {
  return `${isMet ? 'met   ' : 'MISSED'}  ${about}: ${found} (goal ${goal})`;
}

/** docs/performance.md. */
export function writeDocument(results: Result[], machine: [string, string][], minutes: number): string {
  const goals = results.flatMap(({ findings }) => findings.goals);
  const blocks = [
    '# Performance',
    '`npm run bench -- --write` has made this page; do not edit it by hand. Each figure stands beside its physical ' +
      'limit: the least that could do the same work, measured in the same run on the same machine. Compare the ratios ' +
      'on your machine, not the figures.',
    '## Machine',
    machine.map(([what, which]) => `- ${what}: ${which}`).join('\n'),
    '## Goals',
    asMarkdown({
      head: ['goal', 'wanted', 'found', 'result'],
      rows: goals.map(({ about, goal, found, isMet }) => [about, goal, found, isMet ? 'met' : '**missed**']),
    }),
    ...results.flatMap(({ part, findings }) => [
      `## ${part.title}`,
      part.about,
      ...findings.tables.map(asMarkdown),
    ]),
    '## How to repeat it',
    'A full run starts everything itself and takes about ' +
      `${Math.round(minutes)} minutes; parts run by their names: ${results.map(({ part }) => `\`${part.name}\``).join(', ')}.`,
    '```sh\nnpm ci\nnpm run bench                  # all, printed\nnpm run bench -- pick intake   # some\nnpm run bench -- --short       # does it all work? its figures mean little\nnpm run bench -- --write       # all, and this page anew\n```',
    'What stands side by side in a row was measured in turns, round by round; a figure is the median of its rounds with ' +
      'the lowest and the highest in brackets. The clients are a process of their own on the same machine: they take ' +
      'their part of its cores, from the gateway and from the limit alike, so a gateway whose clients are elsewhere does ' +
      'more than is printed here. Goals are printed, a run does not fail for them.',
  ];
  return `${blocks.join('\n\n')}\n`;
}
