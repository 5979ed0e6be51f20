import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './page.module.css';

/** A page with a heading, a line of explanation and its main action. */
export function Page(props: { title: string; text?: string; action?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.scroll} tabIndex={-1}>
      <div className={classes.page}>
        <header className={classes.header}>
          <div>
            <Title order={1} size="h2">
              {props.title}
            </Title>
            {props.text !== undefined && <p className={classes.text}>{props.text}</p>}
          </div>
          {props.action}
        </header>
        {props.children}
      </div>
    </div>
  );
}

/** A framed part of a page; wide contents scroll within it. */
export function Card({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <section className={classes.card} aria-label={label}>
      {children}
    </section>
  );
}
