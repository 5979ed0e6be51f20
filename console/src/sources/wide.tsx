import type { ReactNode } from 'react';
import { Card } from '../ui/page.tsx';
import classes from './wide.module.css';

/** A framed table of numbers; where it is wider than the screen, the arrow keys scroll it. */
export function Wide({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Card>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- nothing within takes the focus */}
      <div className={classes.wide} role="region" aria-label={label} tabIndex={0}>
        {children}
      </div>
    </Card>
  );
}
