import inbox from './inbox.ts';
import problems from './problems.ts';
import shell from './shell.ts';

/** What everybody needs at once; the words of the admins' rooms come with the rooms. */
export default { inbox, problems, shell };
