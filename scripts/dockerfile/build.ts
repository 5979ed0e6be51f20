import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import { readDockerfile, readExec, readIgnore, readPairs, type Stage, type Step } from './read.ts';

/** A stage under construction; the last one is the image. */
export type Tree = {
  /** Where its root lies. */
  folder: string;
  env: Record<string, string>;
  workdir: string;
  user: string | null;
  entrypoint: string[];
  command: string[];
  health: string[] | null;
  stopSignal: NodeJS.Signals;
};

export type Image = Tree & {
  /** The environment of its processes, with the image's paths where they lie here. */
  processEnv: Record<string, string>;
  /** Where a path of the image lies. */
  inside(path: string): string;
};

type Building = { home: string; project: string; trees: Map<string, Tree>; imagePaths: string[] };

export const isRoot = process.getuid?.() === 0;

/** Runs every step of the project's Dockerfile in folders below `home`. Throws where a container engine would stop. */
export function buildImage(project: string, home: string): Image {
  const stages = readDockerfile(readFileSync(join(project, 'Dockerfile'), 'utf8'));
  const building: Building = { home, project, trees: new Map(), imagePaths: pathsOf(stages) };
  mkdirSync(home, { recursive: true });
  // The user of the image has to come in.
  chmodSync(home, 0o755);
  layContext(building);
  layBase(home);
  const image = stages.map((stage, index) => buildStage(building, stage, index)).at(-1)!;
  return {
    ...image,
    processEnv: envOf(building, image),
    inside: (path) => join(image.folder, path),
  };
}

function buildStage(building: Building, stage: Stage, index: number): Tree {
  const parent = building.trees.get(stage.base);
  const tree: Tree = {
    env: {},
    workdir: '/',
    user: null,
    entrypoint: [],
    command: [],
    health: null,
    stopSignal: 'SIGTERM',
    ...parent,
    folder: join(building.home, String(index)),
  };
  console.log(`FROM ${stage.base}${stage.name === null ? '' : ` AS ${stage.name}`}`);
  if (parent === undefined) mkdirSync(tree.folder);
  else cpSync(parent.folder, tree.folder, { recursive: true, verbatimSymlinks: true });
  for (const step of stage.steps) {
    console.log(`  ${step.instruction} ${flagsOf(step)}${step.words}`);
    runStep(building, tree, step);
  }
  building.trees.set(stage.name ?? String(index), tree);
  return tree;
}

function flagsOf({ flags }: Step): string {
  return Object.entries(flags)
    .map(([name, value]) => `--${name}=${value} `)
    .join('');
}

function runStep(building: Building, tree: Tree, { instruction, flags, words }: Step): void {
  switch (instruction) {
    case 'WORKDIR':
      tree.workdir = words;
      mkdirSync(join(tree.folder, words), { recursive: true });
      return;
    case 'VOLUME':
      mkdirSync(join(tree.folder, words), { recursive: true });
      return;
    case 'ENV':
      tree.env = { ...tree.env, ...Object.fromEntries(readPairs(words)) };
      return;
    case 'COPY':
      copy(building, tree, { words, from: flags['from'] });
      return;
    case 'RUN':
      run(building, tree, words);
      return;
    case 'USER':
      tree.user = words;
      return;
    case 'ENTRYPOINT':
      tree.entrypoint = readExec(words);
      return;
    case 'CMD':
      tree.command = readExec(words);
      return;
    case 'HEALTHCHECK':
      tree.health = readExec(words.replace(/^CMD /, ''));
      return;
    case 'STOPSIGNAL':
      tree.stopSignal = words as NodeJS.Signals;
      return;
    case 'EXPOSE':
      return;
  }
  throw new Error(`${instruction} is not known here`);
}

/** As COPY does it: of a folder what is in it; a slash at the end, or several sources, make the target a folder. */
function copy(building: Building, tree: Tree, { words, from }: { words: string; from?: string }): void {
  const sources = words.split(' ');
  const target = sources.pop()!;
  const origin = from === undefined ? join(building.home, 'context') : building.trees.get(from)?.folder;
  if (origin === undefined) throw new Error(`there is no stage ${from}`);
  const isFolder = sources.length > 1 || target.endsWith('/');
  for (const source of sources) {
    const path = join(origin, source);
    if (!existsSync(path)) throw new Error(`there is no ${source} to copy`);
    const name = isFolder && statSync(path).isFile() ? basename(source) : '';
    const into = join(tree.folder, target.startsWith('/') ? '' : tree.workdir, target, name);
    cpSync(path, into, { recursive: true, verbatimSymlinks: true });
  }
}

function run(building: Building, tree: Tree, words: string): void {
  if (/\bapt-get\b/.test(words)) {
    console.log(
      '    skipped: it would install into this system; what it brings is taken from here, if it is here',
    );
    return;
  }
  // Whoever is not root owns already what it has made, and can give nothing away.
  const script = isRoot ? words : `chown() { :; }; ${words}`;
  execFileSync('sh', ['-ec', mapped(building, tree, script)], {
    cwd: join(tree.folder, tree.workdir),
    env: { ...surroundings(), ...envOf(building, tree) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function envOf(building: Building, tree: Tree): Record<string, string> {
  const own = Object.entries(tree.env).map(([name, value]) => [name, mapped(building, tree, value)]);
  const folders = [
    join(building.home, 'base/usr/local/bin'),
    npmFolder(),
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
  ];
  return { PATH: folders.join(delimiter), ...Object.fromEntries(own) };
}

/** What a build reaches the package registry by; its cache is used, as an engine's cache mounts are. */
function surroundings(): NodeJS.ProcessEnv {
  const names = [
    'HOME',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'NODE_EXTRA_CA_CERTS',
    'npm_config_registry',
  ];
  const given = names.flatMap((name) => [name, name.toLowerCase()]).map((name) => [name, process.env[name]]);
  return { ...Object.fromEntries(given.filter(([, value]) => value)), npm_config_prefer_offline: 'true' };
}

/** The absolute paths that the Dockerfile itself names: these, and what is below them, are the image's. */
function pathsOf(stages: Stage[]): string[] {
  const named = stages.flatMap(({ steps }) =>
    steps.flatMap(({ instruction, words }) => (/^(WORKDIR|VOLUME)$/.test(instruction) ? [words] : [])),
  );
  return [...new Set(named)];
}

function mapped({ imagePaths }: Building, tree: Tree, text: string): string {
  return imagePaths.reduce(
    (sofar, path) =>
      sofar.replaceAll(new RegExp(`(?<![\\w./])${path}(?![\\w.-])`, 'g'), () => tree.folder + path),
    text,
  );
}

/** What the build sees of the project. */
function layContext({ project, home }: Building): void {
  const ignore = readIgnore(readFileSync(join(project, '.dockerignore'), 'utf8'));
  cpSync(project, join(home, 'context'), {
    recursive: true,
    verbatimSymlinks: true,
    filter(path) {
      const name = relative(project, path);
      if (name === '' || ignore.letsIn(name)) return true;
      return ignore.mayHold(name) && statSync(path).isDirectory();
    },
  });
}

/** What the base image brings: the Node that runs this, in a place that the image's user can reach. */
function layBase(home: string): void {
  const node = join(home, 'base/usr/local/bin/node');
  mkdirSync(dirname(node), { recursive: true });
  cpSync(process.execPath, node);
}

/** Whether a program is found in the PATH of the image's processes. */
export function isInstalled(name: string, { PATH = '' }: Record<string, string>): boolean {
  return PATH.split(delimiter).some((folder) => existsSync(join(folder, name)));
}

function npmFolder(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  // Not one of a project: it would bring that project's tools along.
  const found = folders.find((folder) => !folder.includes('node_modules') && existsSync(join(folder, 'npm')));
  if (found === undefined) throw new Error('there is no npm in the PATH');
  return found;
}
