import { Migration } from '@mikro-orm/migrations';

/** Rows without a value stand in no index of it: most have none, and each cost a page at every commit. */
export class Migration20261125Sparse extends Migration {
  override up(): void {
    for (const name of ['message_once', 'message_client_once']) this.addSql(`drop index "${name}"`);
    this.addSql(`drop index "contact_released_by_id_index"`);
    this.addSql(
      `create unique index "message_once" on "message" ("source_id", "external_id") where external_id is not null`,
    );
    this.addSql(
      `create unique index "message_client_once" on "message" ("contact_id", "client_id") where client_id is not null`,
    );
    this.addSql(
      `create index "contact_released_by" on "contact" ("released_by_id") where released_by_id is not null`,
    );
  }
}
