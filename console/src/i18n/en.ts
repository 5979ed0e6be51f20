import first from './en/first.ts';
import rooms from './en/rooms.ts';

/** All words of a language: what is checked, and what the types are made of. */
const en = { ...first, rooms };

export default en;
