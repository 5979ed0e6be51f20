/** The token of a sign-in link, `/#token=…`; null where the fragment has none. */
export function tokenOfLink(fragment: string): string | null {
  return valueIn(fragment, 'token');
}

/** A page that is there before anybody is signed in, with the one-time code of its link where that has one. */
export type Door = { kind: 'setup' | 'invite'; code: string | null };

/** The door that an address leads to, `/setup#code=…` or `/invite#code=…`; null for every other address. */
export function doorOfAddress(path: string, fragment: string): Door | null {
  const kind = /^\/(setup|invite)\/?$/.exec(path)?.[1];
  if (kind !== 'setup' && kind !== 'invite') return null;
  return { kind, code: valueIn(fragment, 'code') };
}

function valueIn(fragment: string, name: string): string | null {
  const value = new URLSearchParams(fragment.replace(/^#/, '')).get(name)?.trim() ?? '';
  return value === '' ? null : value;
}
