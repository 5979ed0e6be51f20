import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect, inject } from 'vitest';
import { freePort } from '../../support/free-port.ts';
import { freshFolder } from '../../support/http.ts';

export type Nginx = AsyncDisposable & { url: string };

/** A real nginx with the configuration of `deploy/`, before these gateways: only addresses are put in their places. */
export async function startNginx(gateways: { gateway: string; 'gateway-2': string }): Promise<Nginx> {
  await using opening = new AsyncDisposableStack();
  const folder = opening.use(await freshFolder());
  const port = await freePort();
  const original = await readFile(new URL('../../../deploy/nginx/leadgate.conf', import.meta.url), 'utf8');
  await writeFile(`${folder.path}/leadgate.conf`, placed(original, { ...gateways, listen: port }));
  await writeFile(`${folder.path}/nginx.conf`, around(folder.path));
  await chmod(folder.path, 0o755);
  for (const name of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) await mkdir(`${folder.path}/${name}`);

  const child = spawn(inject('nginxPath'), ['-p', folder.path, '-c', `${folder.path}/nginx.conf`], {
    stdio: 'inherit',
  });
  const exited = once(child, 'exit');
  opening.defer(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      () =>
        fetch(`${url}/healthz`)
          .then((answer) => answer.status)
          .catch(() => child.exitCode),
      { timeout: 10_000 },
    )
    .toBe(200);
  const opened = opening.move();
  return { url, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** An older nginx than that of the image does not look names up again; here are none. */
function placed(
  original: string,
  addresses: { gateway: string; 'gateway-2': string; listen: number },
): string {
  const text = original
    .replaceAll('server gateway:8000 resolve ', `server ${addresses.gateway} `)
    .replaceAll('server gateway-2:8000 resolve ', `server ${addresses['gateway-2']} `)
    .replace('listen 80;', `listen 127.0.0.1:${addresses.listen};`);
  expect(text.match(/server 127\.0\.0\.1:\d+ max_fails/g)).toHaveLength(4);
  expect(text).toContain('listen 127.0.0.1:');
  return text;
}

/** What stands around a file of conf.d, with every path in the folder. */
function around(folder: string): string {
  return `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off;
    worker_processes 1;
    pid ${folder}/nginx.pid;
    error_log stderr crit;
    events { worker_connections 1024; }
    http {
      access_log off;
      client_body_temp_path ${folder}/body;
      proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi;
      scgi_temp_path ${folder}/scgi;
      include ${folder}/leadgate.conf;
    }`;
}
