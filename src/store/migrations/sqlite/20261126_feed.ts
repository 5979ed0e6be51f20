import { Migration } from '@mikro-orm/migrations';

/** The feed of SQLite is read by id: the index of PostgreSQL's feed cost a page at every commit. */
export class Migration20261126Feed extends Migration {
  override up(): void {
    this.addSql(`drop index "event_xid_id_index"`);
  }
}
