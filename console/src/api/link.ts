/** The token of a sign-in link, `/#token=…`; null where the fragment has none. */
export function tokenOfLink(fragment: string): string | null {
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get('token')?.trim() ?? '';
  return token === '' ? null : token;
}
