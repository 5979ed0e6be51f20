// A browser may refuse storage (private windows, a full disk): the console works on without it.

export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(`leadgate.${key}`);
  } catch {
    return null;
  }
}

export function writeStored(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`leadgate.${key}`);
    else localStorage.setItem(`leadgate.${key}`, value);
  } catch {
    // Nothing to do: what is on the screen stays.
  }
}
