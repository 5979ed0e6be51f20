import { Link } from '@tanstack/react-router';
import classes from './invariants.module.css';
import { subjectOf } from './subjects.ts';
import { useSubjectName } from './use-subject-name.ts';

/** Whom a breach is about; a contact leads to its thread. */
export function BreachSubject({ label }: { label: string }) {
  const name = useSubjectName();
  const subject = subjectOf(label);
  if (subject.kind !== 'contact') return <span className={classes.subject}>{name(label)}</span>;
  return (
    <Link to="/inbox/$view/{-$id}" params={{ view: 'all', id: subject.id }} className={classes.link}>
      {name(label)}
    </Link>
  );
}
