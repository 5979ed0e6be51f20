import inbox from './en/inbox.ts';
import problems from './en/problems.ts';
import rooms from './en/rooms.ts';
import shell from './en/shell.ts';

const en = { inbox, problems, rooms, shell };

export default en;
