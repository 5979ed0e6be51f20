import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** What `chromium.launch({ executablePath })` of playwright-core starts in a browser test. */
    chromiumPath: string;
  }
}

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome.exe'];
const macApplications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The browser of the browser tests: `CHROMIUM_PATH`, else the first Chromium or Chrome of the system. */
export function findChromium(env: NodeJS.ProcessEnv): string {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const inPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const candidates = env.CHROMIUM_PATH ? [env.CHROMIUM_PATH] : [...inPath, ...macApplications];
  const found = candidates.find(isRunnable);
  if (found) return found;
  throw new Error('No Chromium found: install one (apt-get install chromium) or name it in CHROMIUM_PATH.');
}

export default function setup({ provide }: TestProject): void {
  provide('chromiumPath', findChromium(process.env));
}
