import { Migration } from '@mikro-orm/migrations';

/** Sign-in, sessions, codes that count once, an audit log that nobody changes, secrets with an overlap, erasure. */
export class Migration20261124Doors extends Migration {
  override up(): void {
    this.addSql(
      `create table "access" ("id" integer not null primary key, "generation" integer not null, "is_set_up" integer not null)`,
    );
    this.addSql(
      `insert into "access" ("id", "generation", "is_set_up") select 1, 1, exists (select 1 from "operator" where "role" = 'admin')`,
    );
    this.addSql(
      `create table "password" ("operator_id" bigint not null primary key, "hash" text not null, "changed_at" datetime not null, constraint "password_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on update cascade on delete cascade)`,
    );
    this.addSql(
      `create table "session" ("id" integer not null primary key autoincrement, "hash" text not null, "operator_id" bigint not null, "created_at" datetime not null, "last_used_at" datetime not null, "expires_at" datetime not null, "address" text null, "user_agent" text null, constraint "session_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on delete cascade)`,
    );
    this.addSql(`create unique index "session_hash_unique" on "session" ("hash")`);
    this.addSql(`create index "session_operator_id_index" on "session" ("operator_id")`);
    this.addSql(`create index "session_expires_at_index" on "session" ("expires_at")`);
    this.addSql(
      `create table "one_time_code" ("id" integer not null primary key autoincrement, "purpose" text not null, "hash" text not null, "operator_id" bigint null, "expires_at" datetime not null, "created_at" datetime not null, constraint "one_time_code_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on delete cascade)`,
    );
    this.addSql(`create unique index "one_time_code_hash_unique" on "one_time_code" ("hash")`);
    this.addSql(`create index "one_time_code_operator_id_index" on "one_time_code" ("operator_id")`);
    this.addSql(`alter table "audit_entry" add column "credential" text null`);
    this.addSql(`alter table "audit_entry" add column "address" text null`);
    for (const column of ['subject', 'actor', 'action'])
      this.addSql(`create index "audit_entry_${column}_id_index" on "audit_entry" ("${column}", "id")`);
    for (const change of ['update', 'delete'])
      this.addSql(
        `create trigger "audit_entry_no_${change}" before ${change} on "audit_entry" begin select raise(abort, 'audit_entry is append-only'); end`,
      );
    // "insert or replace" deletes without the trigger of deletes.
    this.addSql(
      `create trigger "audit_entry_no_replace" before insert on "audit_entry" when exists (select 1 from "audit_entry" where "id" = new."id") begin select raise(abort, 'audit_entry is append-only'); end`,
    );
    this.addSql(`alter table "api_token" add column "rate_limit" integer null`);
    this.addSql(`alter table "source" add column "previous_sealed_secret" text null`);
    this.addSql(`alter table "source" add column "previous_secret_until" datetime null`);
    this.addSql(`alter table "source" add column "rate_limit" integer null`);
    this.addSql(`alter table "source" add column "retention_days" integer null`);
    this.addSql(`alter table "lead" add column "erased_at" datetime null`);
    this.addSql(`alter table "contact" add column "erased_at" datetime null`);
    this.addSql(
      `create index "contact_kept" on "contact" ("source_id", "closed_at") where status = 'closed' and erased_at is null`,
    );
  }
}
