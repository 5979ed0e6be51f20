import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import classes from './resizer.module.css';

type Props = {
  label: string;
  width: number;
  min: number;
  max: number;
  /** 1 when the pane stands before the bar, -1 when it stands after it. */
  direction: 1 | -1;
  onResize: (width: number) => void;
};

const STEP = 16;

/** A bar between two panes, moved by pointer or by arrow keys. */
export function Resizer({ label, width, min, max, direction, onResize }: Props) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const resize = (next: number) => onResize(Math.round(Math.min(max, Math.max(min, next))));

  function onPointerDown(event: PointerEvent<HTMLDivElement>) {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
  }
  function onPointerMove(event: PointerEvent) {
    if (start.current === null) return;
    resize(start.current.width + direction * (event.clientX - start.current.x));
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowLeft') resize(width - direction * STEP);
    else if (event.key === 'ArrowRight') resize(width + direction * STEP);
    else return;
    event.preventDefault();
  }

  return (
    <div
      className={classes.resizer}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (start.current = null)}
      onPointerCancel={() => (start.current = null)}
      onKeyDown={onKeyDown}
    />
  );
}
