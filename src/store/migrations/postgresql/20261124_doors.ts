import { Migration } from '@mikro-orm/migrations';

/** Sign-in, sessions, codes that count once, an audit log that nobody changes, secrets with an overlap, erasure. */
export class Migration20261124Doors extends Migration {
  override up(): void {
    this.addSql(
      `create table "access" ("id" int not null, "generation" int not null, "is_set_up" boolean not null, primary key ("id"))`,
    );
    this.addSql(
      `insert into "access" ("id", "generation", "is_set_up") select 1, 1, exists (select 1 from "operator" where "role" = 'admin')`,
    );
    this.addSql(
      `create table "password" ("operator_id" bigint not null, "hash" text not null, "changed_at" timestamptz not null, primary key ("operator_id"))`,
    );
    this.addSql(
      `create table "session" ("id" bigserial primary key, "hash" varchar(64) not null, "operator_id" bigint not null, "created_at" timestamptz not null, "last_used_at" timestamptz not null, "expires_at" timestamptz not null, "address" varchar(64) null, "user_agent" text null)`,
    );
    this.addSql(`alter table "session" add constraint "session_hash_unique" unique ("hash")`);
    this.addSql(`create index "session_operator_id_index" on "session" ("operator_id")`);
    this.addSql(`create index "session_expires_at_index" on "session" ("expires_at")`);
    this.addSql(
      `create table "one_time_code" ("id" bigserial primary key, "purpose" varchar(255) not null, "hash" varchar(64) not null, "operator_id" bigint null, "expires_at" timestamptz not null, "created_at" timestamptz not null)`,
    );
    this.addSql(`alter table "one_time_code" add constraint "one_time_code_hash_unique" unique ("hash")`);
    this.addSql(`create index "one_time_code_operator_id_index" on "one_time_code" ("operator_id")`);
    this.addSql(
      `alter table "password" add constraint "password_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on update cascade on delete cascade`,
    );
    for (const table of ['session', 'one_time_code'])
      this.addSql(
        `alter table "${table}" add constraint "${table}_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on delete cascade`,
      );
    this.addSql(`alter table "audit_entry" add column "credential" varchar(255) null`);
    this.addSql(`alter table "audit_entry" add column "address" varchar(64) null`);
    for (const column of ['subject', 'actor', 'action'])
      this.addSql(`create index "audit_entry_${column}_id_index" on "audit_entry" ("${column}", "id")`);
    this.addSql(
      `create function "audit_entry_stays"() returns trigger language plpgsql as $$ begin raise exception 'audit_entry is append-only'; end $$`,
    );
    this.addSql(
      `create trigger "audit_entry_stays" before update or delete or truncate on "audit_entry" for each statement execute function "audit_entry_stays"()`,
    );
    this.addSql(`alter table "api_token" add column "rate_limit" int null`);
    this.addSql(`alter table "source" add column "previous_sealed_secret" text null`);
    this.addSql(`alter table "source" add column "previous_secret_until" timestamptz null`);
    this.addSql(`alter table "source" add column "rate_limit" int null`);
    this.addSql(`alter table "source" add column "retention_days" int null`);
    this.addSql(`alter table "lead" add column "erased_at" timestamptz null`);
    this.addSql(`alter table "contact" add column "erased_at" timestamptz null`);
    this.addSql(
      `create index "contact_kept" on "contact" ("source_id", "closed_at") where status = 'closed' and erased_at is null`,
    );
  }
}
