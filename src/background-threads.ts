import { readdir, readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';

const THREADS = '/proc/self/task';
/** How Node names the threads on which V8 compiles and collects garbage. */
const V8_WORKER = 'V8Worker\n';
// With less, a thread of V8 still got its slice in front of a message that had just come.
const NICEST = 19;

/**
 * Has V8's background threads step back behind the one that answers. Where cores are few, the scheduler lets them finish
 * their slice of some 3 ms while a message waits. On Linux niceness is of a thread, and `setpriority` takes its number
 * (setpriority(2)); elsewhere there is nothing to be done. Answers how many have stepped back.
 */
export async function lowerBackgroundThreads(): Promise<number> {
  const ids = await readdir(THREADS).catch(() => []);
  const lowered = await Promise.all(ids.map(lower));
  return lowered.filter(Boolean).length;
}

async function lower(id: string): Promise<boolean> {
  try {
    if ((await readFile(`${THREADS}/${id}/comm`, 'utf8')) !== V8_WORKER) return false;
    setPriority(Number(id), NICEST);
    return true;
  } catch {
    // A thread that has ended meanwhile, or a system that refuses: it goes on as before.
    return false;
  }
}
