import type { Page } from 'playwright-core';

/** What tells that something on a page was run, or was to be. */
export type Alarm = { readonly heard: string[] };

// An answer that refuses something, which the page says in its own words; and what Swagger UI says of itself.
const HARMLESS = /^Failed to load resource: the server responded with a status of 4\d\d|^Deprecated: /;

/** Listens for everything by which text would show that it is taken for more; before the page is opened. */
export async function watchOver(page: Page): Promise<Alarm> {
  const heard: string[] = [];
  const hear = (what: string) => void heard.push(`${what}, on ${page.url()}`);
  await page.exposeFunction('__xss', () => hear('run'));
  await page.exposeFunction('__violated', hear);
  await page.addInitScript({
    content: `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      __violated('violation of ' + violatedDirective + ': ' + blockedURI + ' ' + sample))`,
  });
  page.on('dialog', (dialog) => {
    hear(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => hear(`error ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !HARMLESS.test(message.text())) hear(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') hear(`asked ${request.url()}`);
  });
  return { heard };
}

const intruders = `(() => {
  const names = 'x-xss, iframe, object, embed, base, math, marquee, audio, video, foreignObject, xmp';
  const handlers = ['onload', 'onerror', 'onfocus', 'onclick', 'onmouseover', 'ontoggle', 'onbegin', 'onstart'];
  const strange = names + handlers.map((name) => ', [' + name + ']').join('') + ', img[src="x"], #root script';
  const isGood = ({ protocol, origin, rel }) =>
    ['http:', 'https:', 'tel:', 'mailto:'].includes(protocol) &&
    (origin === location.origin || (rel.includes('noopener') && rel.includes('noreferrer')));
  const links = [...document.querySelectorAll('a[href]')].filter((link) => !isGood(link));
  return [...document.querySelectorAll(strange), ...links].map(({ outerHTML }) => outerHTML.slice(0, 200));
})()`;

/** Elements and attributes that none but a payload makes, and links that do more than lead somewhere. */
export function intrudersOn(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(intruders);
}
