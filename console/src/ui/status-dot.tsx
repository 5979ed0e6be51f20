import classes from './status-dot.module.css';

export type Tone = 'good' | 'warn' | 'bad' | 'off';

/** A coloured dot; never the only bearer of what it says. */
export function StatusDot({ tone, isPulsing = false }: { tone: Tone; isPulsing?: boolean }) {
  return <span className={classes.dot} data-tone={tone} data-pulsing={isPulsing} aria-hidden />;
}
