import { Migration } from '@mikro-orm/migrations';

/** Offers, contacts that open again, priorities of sources, and the audit log. */
export class Migration20261122Offers extends Migration {
  override up(): void {
    for (const column of ['priority', 'reopen_minutes', 'offer_seconds'])
      this.addSql(`alter table "source" add column "${column}" int not null default 0`);
    this.addSql(`alter table "contact" add column "offer_expires_at" timestamptz null`);
    this.addSql(`alter table "contact" add column "declined" json null`);
    this.addSql(
      `create index "contact_offered" on "contact" ("offer_expires_at") where offer_expires_at is not null`,
    );
    this.addSql(
      `create table "audit_entry" ("id" bigserial, "at" timestamptz not null, "actor" varchar(255) not null, "action" varchar(255) not null, "subject" varchar(255) not null, "value_before" json null, "value_after" json null, primary key ("id"))`,
    );
    this.addSql(`create index "audit_entry_at_id_index" on "audit_entry" ("at", "id")`);
  }
}
