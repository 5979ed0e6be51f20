import { Migration } from '@mikro-orm/migrations';

/** Work that one gateway does at a time, presence at several, greetings by language, chats that take nothing. */
export class Migration20261121SeveralGateways extends Migration {
  override up(): void {
    this.addSql(
      `create table "lease" ("name" text not null primary key, "holder" text not null, "epoch" bigint not null, "expires_at" bigint not null, "report" json null)`,
    );
    this.addSql(
      `create table "presence" ("operator_id" bigint not null, "gateway" text not null, primary key ("operator_id", "gateway"), constraint "presence_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on delete cascade)`,
    );
    this.addSql(`create index "presence_gateway_index" on "presence" ("gateway")`);
    this.addSql(`alter table "lead" add column "language" text null`);
    this.addSql(`alter table "source" add column "greetings" json null`);
    this.addSql(`alter table "contact" add column "unreachable_reason" text null`);
    this.addSql(`alter table "contact" add column "unreachable_since" datetime null`);
    this.addSql(
      `create index "delivery_trouble" on "delivery" ("status", "id") where status in ('failed', 'uncertain')`,
    );
    // Who is online is counted anew, by gateway.
    this.addSql(`update "operator" set "is_online" = 0`);
  }
}
