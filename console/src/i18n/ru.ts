import first from './ru/first.ts';
import rooms from './ru/rooms.ts';

const ru = { ...first, rooms };

export default ru;
