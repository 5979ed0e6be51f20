import doors from './ru/doors.ts';
import first from './ru/first.ts';
import rooms from './ru/rooms.ts';
import settings from './ru/settings.ts';

const ru = { ...first, rooms, settings, doors };

export default ru;
