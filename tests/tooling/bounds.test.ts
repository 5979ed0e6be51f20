import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lint } from './lint.ts';

const src = join(import.meta.dirname, '../../src');

// What each folder may import of the others, and the libraries it may not. ARCHITECTURE.md has the same table.
const bounds: Record<string, { of: string[]; not: string[] }> = {
  contract: { of: [], not: ['hono', 'node:fs', '@mikro-orm/core'] },
  routing: { of: [], not: ['zod', 'node:fs', 'node:crypto'] },
  store: { of: ['contract'], not: ['hono', 'grammy', 'socket.io', 'zod', 'node:process'] },
  desk: {
    of: ['routing', 'store', 'contract', 'problem.ts', 'log.ts'],
    not: ['hono', '@hono/node-server', 'grammy', 'socket.io', 'pg', 'better-sqlite3', 'node:process'],
  },
  outgoing: {
    of: ['contract', 'problem.ts', 'log.ts', 'config.ts'],
    not: ['hono', 'grammy', 'pg', 'socket.io'],
  },
  bots: {
    of: ['desk', 'contract', 'outgoing', 'problem.ts', 'log.ts'],
    not: ['hono', 'socket.io', '@mikro-orm/core'],
  },
  http: {
    of: ['desk', 'contract', 'outgoing', 'problem.ts', 'log.ts', 'within.ts'],
    not: ['grammy', 'socket.io', 'pg'],
  },
  realtime: {
    of: ['desk', 'contract', 'outgoing', 'problem.ts', 'log.ts'],
    not: ['grammy', 'hono', 'kysely'],
  },
  cli: {
    of: [
      'desk',
      'contract',
      'outgoing',
      'app.ts',
      'config.ts',
      'problem.ts',
      'log.ts',
      'metrics.ts',
      'within.ts',
    ],
    not: ['hono', 'grammy', 'socket.io', '@mikro-orm/core'],
  },
  demo: {
    of: ['desk', 'contract', 'app.ts', 'config.ts', 'problem.ts', 'log.ts', 'metrics.ts', 'within.ts'],
    not: ['node:process'],
  },
};
const folders = Object.keys(bounds);
const files = [
  'app.ts',
  'background-threads.ts',
  'config.ts',
  'log.ts',
  'main.ts',
  'metrics.ts',
  'problem.ts',
  'within.ts',
];

const use = (specifier: string) => `import { it } from '${specifier}';\nexport const used = it;\n`;
const pathOf = (target: string) => (target.endsWith('.ts') ? target : `${target}/thing.ts`);
const nameOf = (target: string) => target.replaceAll(/[^a-z]+/g, '-').replaceAll(/^-|-$/g, '');

/** The sources among these whose imports the linter refuses. */
function refused(sources: Record<string, string>): string[] {
  const broken = lint(sources);
  return Object.keys(sources).filter((path) => broken.get(path)?.has('no-restricted-imports'));
}

test('a folder imports only the folders and files that the table allows it', () => {
  const sources: Record<string, string> = {};
  const beyond: string[] = [];
  for (const folder of folders) {
    for (const target of [...folders, ...files].filter((each) => each !== folder)) {
      const shallow = `src/${folder}/uses-${nameOf(target)}.ts`;
      const deep = `src/${folder}/inner/uses-${nameOf(target)}.ts`;
      sources[shallow] = use(`../${pathOf(target)}`);
      sources[deep] = use(`../../${pathOf(target)}`);
      if (!bounds[folder]?.of.includes(target)) beyond.push(shallow, deep);
    }
  }

  expect(refused(sources)).toEqual(beyond);
});

test('a folder does not import the libraries of another one', () => {
  const foreign = Object.entries(bounds).flatMap(([folder, { not }]) =>
    not.map((library) => [`src/${folder}/uses-${nameOf(library)}.ts`, use(library)] as const),
  );

  expect(refused(Object.fromEntries(foreign))).toEqual(foreign.map(([path]) => path));
});

test('a folder imports its own files and libraries', () => {
  const own = {
    'src/contract/own.ts': use('zod') + `export * from './ids.ts';\n`,
    'src/routing/own.ts':
      `import type { Decision } from '../contract/decision.ts';\nexport type Own = Decision;\n` +
      use('./pool.ts'),
    'src/store/own.ts': use('@mikro-orm/core'),
    'src/store/entities/own.ts': use('../dialect.ts'),
    'src/desk/own.ts': use('node:timers/promises'),
    'src/bots/telegram/own.ts': use('grammy/types'),
    'src/http/routes/own.ts': use('hono/body-limit'),
    'src/realtime/own.ts': use('socket.io'),
    'src/outgoing/own.ts': use('request-filtering-agent'),
    'src/cli/own.ts': use('node:util'),
    'console/src/rooms/own.ts': use('../../../src/contract/ids.ts') + `export * from '../ui/button.tsx';\n`,
  };

  expect(refused(own)).toEqual([]);
});

test('no way of importing goes round the table', () => {
  const ways = {
    'src/http/value.ts': use('../store/thing.ts'),
    'src/http/type.ts': `import type { It } from '../store/thing.ts';\nexport type Used = It;\n`,
    'src/http/again.ts': `export { it } from '../store/thing.ts';\n`,
    'src/http/all.ts': `export * from '../store/thing.ts';\n`,
    'src/http/effect.ts': `import '../store/thing.ts';\n`,
    'src/http/late.ts': `export const used = await import('../store/thing.ts');\n`,
    'src/http/detour.ts': use('./../store/thing.ts'),
    'src/http/from-root.ts': use('../../src/store/thing.ts'),
    'src/routing/value.ts': use('../contract/decision.ts'),
  };

  expect(refused(ways)).toEqual(Object.keys(ways));
});

test('the files beside the folders know contract alone, and only the composition root knows all', () => {
  const sources = {
    'src/log.ts': use('./desk/thing.ts'),
    'src/problem.ts': use('./contract/problem.ts'),
    'src/app.ts': use('./store/open.ts') + `export * from './demo/thing.ts';\n`,
    'src/main.ts': use('./app.ts'),
  };

  expect(refused(sources)).toEqual(['src/log.ts', 'src/app.ts']);
});

test('of the server the console knows contract alone', () => {
  const sources = {
    'console/src/a.ts': use('../../src/desk/thing.ts'),
    'console/src/b/b.ts': use('../../../src/problem.ts'),
    'console/src/c.ts': use('node:fs'),
    'console/src/d.ts': use('hono'),
  };

  expect(refused(sources)).toEqual(Object.keys(sources));
});

test('the table knows every folder and file of src', () => {
  const entries = readdirSync(src, { withFileTypes: true });
  const known = [...folders, ...files];

  expect(entries.map((each) => each.name).filter((name) => !known.includes(name))).toEqual([]);
});
