import inbox from './ru/inbox.ts';
import problems from './ru/problems.ts';
import rooms from './ru/rooms.ts';
import shell from './ru/shell.ts';

const ru = { inbox, problems, rooms, shell };

export default ru;
