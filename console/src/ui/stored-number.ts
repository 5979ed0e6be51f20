import { useState } from 'react';
import { readStored, writeStored } from '../state/storage.ts';

/** A number that the browser remembers. */
export function useStoredNumber(key: string, initial: number): [number, (value: number) => void] {
  const [value, setValue] = useState(() => Number(readStored(key) ?? initial) || initial);
  return [
    value,
    (next) => {
      setValue(next);
      writeStored(key, String(next));
    },
  ];
}
