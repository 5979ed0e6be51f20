// `prepare` runs in every "npm ci": also in one without development packages, where a console built
// before is used, and in one of the package files alone.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

await import('./check-node.mjs');

const configFile = fileURLToPath(new URL('../console/vite.config.ts', import.meta.url));

function isInstalled(name) {
  try {
    createRequire(import.meta.url).resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

if (!existsSync(configFile) || !isInstalled('vite')) {
  console.log('The console is not built: its sources or the development packages are not here.');
} else {
  const { build } = await import('vite');
  await build({ configFile, logLevel: 'warn' });
}
