const TRIES = 5;
const AGAIN_MS = 2_000;

/** What `bring` fetches; a lost network is waited out for some seconds. */
export async function patiently<T>(bring: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt < TRIES; attempt += 1) {
    try {
      return await bring();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
  return bring();
}
