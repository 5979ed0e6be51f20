import { useEffect, useRef } from 'react';

/** Brings the one at the form to the first field with a fault. */
export function useFocusOnFault(error: unknown) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return form;
}
