import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Role } from '../contract/access.ts';
import { OperatorId } from '../contract/ids.ts';

/** What one run of the demo leaves for the next, beside its database. Holds secrets of the demo alone. */
const Kept = z.object({
  /** Runs on this database so far. */
  runs: z.int().positive(),
  /** Where the newest of them listens, or listened. */
  url: z.string(),
  adminToken: z.string(),
  hookSecret: z.string(),
  team: z.array(
    z.object({ id: OperatorId, name: z.string(), role: Role, token: z.string(), isPlayed: z.boolean() }),
  ),
});
export type Kept = z.infer<typeof Kept>;
export type Seated = Kept['team'][number];

/** The demo's own files in a folder; nothing else there is ever touched. */
export function demoFiles(folder: string) {
  const database = join(folder, 'demo.db');
  return { database, notes: join(folder, 'demo.json') };
}

/** What the last run left; null when there was none that came to its feet. */
export async function readKept(folder: string): Promise<Kept | null> {
  try {
    return Kept.parse(JSON.parse(await readFile(demoFiles(folder).notes, 'utf8')));
  } catch {
    return null;
  }
}

export async function writeKept(folder: string, kept: Kept): Promise<void> {
  await writeFile(demoFiles(folder).notes, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
}

/** Removes what earlier demos left, file by file by name. */
export async function wipe(folder: string): Promise<void> {
  const { database, notes } = demoFiles(folder);
  const besides = ['', '-wal', '-shm', '-journal', '.key', '.lock', '.lock-journal'];
  await mkdir(folder, { recursive: true });
  for (const path of [...besides.map((suffix) => database + suffix), notes]) await rm(path, { force: true });
}
