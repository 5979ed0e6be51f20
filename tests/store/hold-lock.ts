// Holds the lock of a SQLite file and says so, until it is killed.
import { lockSqlite } from '../../src/store/lock.ts';

using _ = await lockSqlite(process.argv[2]!);
process.send!('held');
await new Promise((resolve) => process.once('disconnect', resolve));
