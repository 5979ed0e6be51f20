import doors from './en/doors.ts';
import first from './en/first.ts';
import rooms from './en/rooms.ts';
import settings from './en/settings.ts';

/** All words of a language: what is checked, and what the types are made of. */
const en = { ...first, rooms, settings, doors };

export default en;
