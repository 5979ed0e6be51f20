import { beforeAll, expect, test } from 'vitest';
import { lint } from './lint.ts';

const hookInBranch = `import { useState } from 'react';
export function Room({ isOpen }: { isOpen: boolean }) {
  if (isOpen) useState(0);
  return null;
}
`;

// A file per rule that breaks it, and nothing but it.
const offences: [rule: string, path: string, source: string][] = [
  ['no-floating-promises', 'src/desk/a.ts', `export function f(go: () => Promise<void>) {\n  go();\n}\n`],
  [
    'no-misused-promises',
    'src/desk/b.ts',
    `export function f(go: () => Promise<boolean>) {\n  return go() ? 1 : 2;\n}\n`,
  ],
  [
    'switch-exhaustiveness-check',
    'src/desk/c.ts',
    `export function f(way: 'in' | 'out') {\n  switch (way) {\n    case 'in':\n      return 1;\n  }\n  return 2;\n}\n`,
  ],
  [
    'switch-exhaustiveness-check',
    'src/desk/d.ts',
    `export function f(way: 'in' | 'out') {\n  switch (way) {\n    case 'in':\n      return 1;\n    case 'out':\n      return 2;\n    default:\n      return 3;\n  }\n}\n`,
  ],
  ['no-explicit-any', 'src/desk/e.ts', `export const f = (x: any) => String(x);\n`],
  ['consistent-type-imports', 'src/desk/f.ts', `import { Tx } from './tx.ts';\nexport type Used = Tx;\n`],
  ['no-barrel-file', 'src/desk/g.ts', `export * from './one.ts';\nexport * from './two.ts';\n`],
  ['no-console', 'src/desk/h.ts', `console.log('here');\n`],
  ['only-throw-error', 'src/desk/i.ts', `export function f() {\n  throw 'a word';\n}\n`],
  ['max-params', 'src/desk/j.ts', `export const f = (a: 1, b: 1, c: 1, d: 1, e: 1) => a + b + c + d + e;\n`],
  ['max-lines', 'src/desk/k.ts', 'export {};\n'.repeat(301)],
  ['filename-case', 'src/desk/camelCase.ts', `export const f = 1;\n`],
  ['no-restricted-globals', 'src/desk/l.ts', `export const f = process.env.HOME;\n`],
  ['no-restricted-properties', 'src/desk/m.ts', `export const f = globalThis.process;\n`],
  ['no-restricted-imports', 'src/desk/n.ts', `import { env } from 'node:process';\nexport const f = env;\n`],
  [
    'no-restricted-properties',
    'src/desk/o.ts',
    `export const f = (em: { transactional(): void }) => em.transactional();\n`,
  ],
  ['no-restricted-properties', 'src/desk/p.ts', `export const f = (em: { begin(): void }) => em.begin();\n`],
  ['no-restricted-globals', 'src/routing/a.ts', `export const f = new Date();\n`],
  ['no-restricted-globals', 'src/routing/b.ts', `export const f = Date.now();\n`],
  ['no-restricted-globals', 'src/routing/c.ts', `export const f = performance.now();\n`],
  ['no-restricted-properties', 'src/routing/d.ts', `export const f = Math.random();\n`],
  ['no-restricted-properties', 'src/routing/e.ts', `const { random } = Math;\nexport const f = random();\n`],
  ['no-cycle', 'src/desk/q.ts', `import { r } from './r.ts';\nexport const q = () => r;\n`],
  ['no-cycle', 'src/desk/r.ts', `import { q } from './q.ts';\nexport const r = () => q;\n`],
  ['rules-of-hooks', 'console/src/a.tsx', hookInBranch],
  ['alt-text', 'console/src/b.tsx', `export const Face = () => <img src="face.png" />;\n`],
  ['no-focused-tests', 'tests/a.test.ts', `import { test } from 'vitest';\ntest.only('a', () => {});\n`],
  ['no-disabled-tests', 'tests/b.test.ts', `import { test } from 'vitest';\ntest.skip('b', () => {});\n`],
];

const innocents: [path: string, source: string][] = [
  ['src/main.ts', `export const f = process.env.HOME;\nprocess.exit(1);\n`],
  ['console/src/room.tsx', `export const Room = () => <img src="face.png" alt="" />;\n`],
  ['src/store/write.ts', `export const f = (em: { begin(): void }) => em.begin();\n`],
  ['src/store/migrations/sqlite/20260101_first.ts', `export const f = 1;\n`],
  [
    'src/desk/z.ts',
    `export function f(way: 'in' | 'out') {\n  switch (way) {\n    case 'in':\n      return 1;\n    case 'out':\n      return 2;\n  }\n}\n`,
  ],
];

let broken: Map<string, Set<string>>;

beforeAll(() => {
  const written = [...offences.map(([, path, source]) => [path, source]), ...innocents];
  broken = lint(Object.fromEntries(written));
});

test.each(offences)('%s is told in %s', (rule, path) => {
  expect([...(broken.get(path) ?? [])]).toContain(rule);
});

test.each(innocents)('nothing is told in %s', (path) => {
  expect([...(broken.get(path) ?? [])]).toEqual([]);
});
