import { ADMIN_TOKEN } from './gateway.ts';
import { externalIdOf } from './population.ts';
import { SOURCES } from './seed.ts';
import type { Post } from './wire.ts';

export const TEXT = 'Hello, I would like to know the price of delivery to Kazan';

// Beyond every lead that a database is filled with.
let leads = 10_000_000;

/** A contact of a lead that nobody has seen before. */
export function newContact(url: string): Post {
  const n = ++leads;
  const source_code = `source-${1 + (n % SOURCES)}`;
  return {
    url: `${url}/api/v1/contacts`,
    token: ADMIN_TOKEN,
    body: { external_id: externalIdOf(n), source_code, text: TEXT },
  };
}

/** A message by the hook of a source; without a lead it is from one that nobody has seen before. */
export function newMessage(
  { url, secrets }: { url: string; secrets: ReadonlyMap<string, string> },
  id: string,
  lead: number = ++leads,
): Post {
  const code = `source-${1 + (lead % SOURCES)}`;
  return {
    url: `${url}/hooks/${code}`,
    token: secrets.get(code)!,
    body: { external_id: externalIdOf(lead), text: TEXT, id },
  };
}
