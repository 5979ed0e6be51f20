import { Migration } from '@mikro-orm/migrations';

/** Offers, contacts that open again, priorities of sources, and the audit log. */
export class Migration20261122Offers extends Migration {
  override up(): void {
    for (const column of ['priority', 'reopen_minutes', 'offer_seconds'])
      this.addSql(`alter table "source" add column "${column}" integer not null default 0`);
    this.addSql(`alter table "contact" add column "offer_expires_at" datetime null`);
    this.addSql(`alter table "contact" add column "declined" json null`);
    this.addSql(
      `create index "contact_offered" on "contact" ("offer_expires_at") where offer_expires_at is not null`,
    );
    this.addSql(
      `create table "audit_entry" ("id" integer not null primary key autoincrement, "at" datetime not null, "actor" text not null, "action" text not null, "subject" text not null, "value_before" json null, "value_after" json null)`,
    );
    this.addSql(`create index "audit_entry_at_id_index" on "audit_entry" ("at", "id")`);
  }
}
