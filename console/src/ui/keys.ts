import { useEffect, useRef } from 'react';

/** What a key does. Returns false when it does not apply now, so that the browser gets it. */
export type Shortcuts = Record<string, () => boolean | void>;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]'))
  );
}

function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
}

/** `Alt+KeyJ`, `KeyR`, …: physical keys, so that they work on every layout. */
function nameOf(event: KeyboardEvent): string {
  const parts = [
    event.ctrlKey || event.metaKey ? 'Mod' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey ? 'Shift' : '',
    event.code,
  ];
  return parts.filter((part) => part !== '').join('+');
}

/** Listens for shortcuts while mounted. Plain letters are left alone while somebody types. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing || isDialogOpen()) return;
      const act = current.current[event.key === '?' ? '?' : nameOf(event)];
      if (act === undefined || (isTyping(event.target) && !event.altKey && event.key !== 'Escape')) return;
      if (act() !== false) event.preventDefault();
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
