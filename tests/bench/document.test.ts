import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { printResult, type Result, writeDocument } from '../../bench/document.ts';
import { goalAtLeast, goalAtMost } from '../../bench/part.ts';

const result: Result = {
  part: {
    name: 'growth',
    title: 'Intake by size',
    about: 'What is measured, beside what.',
    run: () => Promise.reject(new Error('not run here')),
  },
  findings: {
    tables: [
      {
        head: ['contacts', 'rate /s'],
        rows: [
          ['none', 7345.4],
          ['1,000,000', '7131 (5743–7399)'],
        ],
      },
    ],
    goals: [goalAtLeast('a million : empty', 0.834, 0.85), goalAtMost('RSS, MB', 147.6, 160)],
  },
};

test('the terminal shows aligned tables, and each goal with what came out', () => {
  const lines = printResult(result).split('\n');

  expect(lines).toContain('none                   7345');
  expect(lines).toContain('1,000,000  7131 (5743–7399)');
  expect(lines).toContain('MISSED  a million : empty: 0.834 (goal >= 0.85)');
  expect(lines).toContain('met     RSS, MB: 148 (goal <= 160)');
});

test('the page names the machine, marks the goals, and the formatter leaves it as it is', () => {
  const page = writeDocument([result], [['Processor', 'a fast one, 2 cores']], 9.6);

  expect(page).toContain('- Processor: a fast one, 2 cores');
  expect(page).toMatch(/\| a million : empty +\| +>= 0\.85 \| +0\.834 \| +\*\*missed\*\* \|/);
  expect(page).toContain('about 10 minutes');
  expect(formatted(page)).toBe(page);
});

function formatted(markdown: string): string {
  const oxfmt = fileURLToPath(new URL('../../node_modules/oxfmt/bin/oxfmt', import.meta.url));
  return execFileSync(process.execPath, [oxfmt, '--stdin-filepath', 'docs/performance.md'], {
    input: markdown,
    encoding: 'utf8',
  });
}
