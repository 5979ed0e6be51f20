// Writes the OpenAPI document that the gateway serves to docs/openapi.json; a test compares the two.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';

const folder = await mkdtemp(join(tmpdir(), 'leadgate-openapi-'));
try {
  const env = { DATABASE_URL: `sqlite:${join(folder, 'leadgate.db')}`, PORT: '0', LOG_LEVEL: 'silent' };
  await using app = await startApp(readConfig(env, String));
  const answer = await fetch(`${app.url}/openapi.json`);
  const text = `${JSON.stringify(await answer.json(), null, 2)}\n`;
  await writeFile(new URL('../docs/openapi.json', import.meta.url), text);
} finally {
  await rm(folder, { recursive: true });
}
