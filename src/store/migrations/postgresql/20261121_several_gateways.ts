import { Migration } from '@mikro-orm/migrations';

/** Work that one gateway does at a time, presence at several, greetings by language, chats that take nothing. */
export class Migration20261121SeveralGateways extends Migration {
  override up(): void {
    this.addSql(
      `create table "lease" ("name" varchar(190) not null, "holder" varchar(190) not null, "epoch" bigint not null, "expires_at" bigint not null, "report" jsonb null, primary key ("name"))`,
    );
    this.addSql(
      `create table "presence" ("operator_id" bigint not null, "gateway" varchar(190) not null, primary key ("operator_id", "gateway"))`,
    );
    this.addSql(
      `alter table "presence" add constraint "presence_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on delete cascade`,
    );
    this.addSql(`create index "presence_gateway_index" on "presence" ("gateway")`);
    this.addSql(`alter table "lead" add column "language" varchar(35) null`);
    this.addSql(`alter table "source" add column "greetings" jsonb null`);
    this.addSql(`alter table "contact" add column "unreachable_reason" varchar(255) null`);
    this.addSql(`alter table "contact" add column "unreachable_since" timestamptz null`);
    this.addSql(
      `create index "delivery_trouble" on "delivery" ("status", "id") where status in ('failed', 'uncertain')`,
    );
    this.addSql(
      `alter table "decision" alter column "refused" type json using "refused"::json, alter column "candidates" type json using "candidates"::json`,
    );
    this.addSql(`alter table "event" alter column "data" type json using "data"::json`);
    // The candidates make a row of a few KB: packing each of them costs more than the space it saves.
    this.addSql(`alter table "decision" set (toast_tuple_target = 8160)`);
    // Who is online is counted anew, by gateway.
    this.addSql(`update "operator" set "is_online" = false`);
  }
}
