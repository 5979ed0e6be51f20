import type { ReactNode } from 'react';
import classes from './notice.module.css';

/** What stands where there is nothing to show: what it is, why, and the way on. */
export function Notice(props: { icon?: ReactNode; title: string; text?: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.notice}>
      {props.icon !== undefined && (
        <div className={classes.icon} aria-hidden>
          {props.icon}
        </div>
      )}
      <p className={classes.title}>{props.title}</p>
      {props.text !== undefined && <p className={classes.text}>{props.text}</p>}
      {props.action !== undefined && <div className={classes.action}>{props.action}</div>}
    </div>
  );
}
