import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    nginxPath: string;
  }
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The nginx of `NGINX_PATH`, else the system's. */
function findNginx({ NGINX_PATH, PATH = '' }: NodeJS.ProcessEnv): string {
  // A user's PATH often lacks the folders of services.
  const folders = [...PATH.split(delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];
  const candidates = NGINX_PATH ? [NGINX_PATH] : folders.map((folder) => join(folder, 'nginx'));
  const found = candidates.find(isRunnable);
  if (found !== undefined) return found;
  throw new Error('No nginx found: install one (apt-get install nginx-light) or name it in NGINX_PATH.');
}

export default function setup({ provide }: TestProject): void {
  provide('nginxPath', findNginx(process.env));
}
