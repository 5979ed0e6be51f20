import { Title } from '@mantine/core';
import type { FormEvent, ReactNode, Ref } from 'react';
import { Brand } from '../shell/brand.tsx';
import { LanguageSwitch } from '../shell/preferences.tsx';
import classes from './doors.module.css';

type Props = {
  title: string;
  hint?: ReactNode;
  /** Over a page that stays: without what a page of its own has around it. */
  isOver?: boolean;
  onSubmit: () => void;
  formRef?: Ref<HTMLFormElement>;
  children: ReactNode;
};

/** What somebody fills in who is not signed in. */
export function DoorForm({ title, hint, isOver = false, onSubmit, formRef, children }: Props) {
  function submit(event: FormEvent) {
    event.preventDefault();
    onSubmit();
  }
  return (
    <form
      ref={formRef}
      className={isOver ? classes.form : `${classes.form} ${classes.framed}`}
      // Whatever becomes of the page: what is typed never goes into an address.
      method="post"
      onSubmit={submit}
      aria-label={title}
      noValidate
    >
      {!isOver && <Brand />}
      <div>
        <Title order={1} size="h3">
          {title}
        </Title>
        {hint !== undefined && <p className={classes.hint}>{hint}</p>}
      </div>
      {children}
      {!isOver && <LanguageSwitch />}
    </form>
  );
}
