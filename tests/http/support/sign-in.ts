import type { Operator } from '../../../src/contract/operator.ts';
import type { Answer, Client, TestApp } from '../../support/http.ts';

/** A password that nobody guesses first. */
export const PASSWORD = 'quiet harbour lantern';

/** A browser in which somebody has signed in. */
export type SignedIn = {
  client: Client;
  /** As it stands in a request: `leadgate=…`. */
  cookie: string;
  email: string;
};

/** Signs an operator in with a browser of its own, by an invite; it gets an e-mail where it has none. */
export async function signedIn(
  app: TestApp,
  { id, email }: Pick<Operator, 'id' | 'email'>,
): Promise<SignedIn> {
  const address = email ?? `operator-${id}@example.com`;
  if (email === null) await app.admin('PATCH', `/operators/${id}`, { body: { email: address } });
  const accepted = await app.as(null)('POST', '/invite', {
    body: { code: await invited(app, id), password: PASSWORD },
  });
  const cookie = cookieOf(accepted);
  return { client: browserWith(app, cookie), cookie, email: address };
}

/** The code of a fresh invite. */
export async function invited(app: TestApp, id: number): Promise<string> {
  const { json } = await app.admin<{ url: string }>('POST', `/operators/${id}/invite`);
  return new URL(json.url).hash.replace('#code=', '');
}

/** Signs in with a password, as a browser that holds this cookie already. */
export function signIn(app: TestApp, email: string, password = PASSWORD, cookie = ''): Promise<Answer> {
  return browserWith(app, cookie)('POST', '/session', { body: { email, password } });
}

/** A browser on the gateway's own page. */
export function browserWith(app: TestApp, cookie: string): Client {
  return (method, path, sent = {}) =>
    app.as(null)(method, path, { ...sent, headers: { cookie, origin: app.url, ...sent.headers } });
}

/** The cookie that an answer sets, as a browser sends it back; throws when it sets none. */
export function cookieOf({ headers, status, text }: Answer): string {
  const [set] = headers.getSetCookie();
  if (set === undefined) throw new Error(`no cookie was set: ${status} ${text}`);
  return set.split(';')[0]!;
}
