import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

type Report = { diagnostics: { code: string; filename: string }[] };

/** Lints sources by the project's own configuration, in a folder of their own; answers the rules broken per file. */
export function lint(sources: Record<string, string>): Map<string, Set<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'leadgate-lint-'));
  try {
    for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json'])
      cpSync(join(root, name), join(folder, name));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, source] of Object.entries(sources)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), source);
    }

    const oxlint = join(root, 'node_modules/.bin/oxlint');
    const run = spawnSync(oxlint, ['--format', 'json', ...Object.keys(sources)], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    const report = JSON.parse(run.stdout) as Report;
    const broken = new Map(Object.keys(sources).map((path) => [path, new Set<string>()]));
    for (const { filename, code } of report.diagnostics)
      broken.get(filename)?.add(code.replace(/^.*\((.*)\)$/, '$1'));
    return broken;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
