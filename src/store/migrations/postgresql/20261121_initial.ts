import { Migration } from '@mikro-orm/migrations';

/** Every table of the first release. */
export class Migration20261121Initial extends Migration {
  override up(): void {
    this.addSql(
      `create table "announcement" ("source_id" bigint not null, "chat" text not null, "topic" text not null, "at" timestamptz not null, primary key ("source_id", "chat", "topic"))`,
    );
    this.addSql(
      `create table "configuration" ("id" int not null, "version" int not null, primary key ("id"))`,
    );
    this.addSql(
      `create table "dead_letter" ("id" bigserial primary key, "source_id" bigint not null, "external_id" text null, "reason" text not null, "raw" jsonb not null, "created_at" timestamptz not null)`,
    );
    this.addSql(
      `alter table "dead_letter" add constraint "dead_letter_once" unique ("source_id", "external_id")`,
    );
    this.addSql(
      `create table "early_edit" ("source_id" bigint not null, "external_id" text not null, "text" text not null, "edited_at" timestamptz not null, primary key ("source_id", "external_id"))`,
    );
    this.addSql(
      `create table "event" ("id" bigserial primary key, "xid" bigint not null, "at" timestamptz not null, "type" varchar(255) not null, "source_id" bigint null, "contact_id" bigint null, "status_before" varchar(255) null, "status_after" varchar(255) null, "operator_before" bigint null, "operator_after" bigint null, "actor" varchar(255) not null, "reason" text null, "data" jsonb not null)`,
    );
    this.addSql(`create index "event_xid_id_index" on "event" ("xid", "id")`);
    this.addSql(`create index "event_contact_id_id_index" on "event" ("contact_id", "id")`);
    this.addSql(
      `create table "lead" ("id" bigserial primary key, "external_id" varchar(190) not null, "name" text null, "phone" text null, "email" text null, "created_at" timestamptz not null, "updated_at" timestamptz not null)`,
    );
    this.addSql(`alter table "lead" add constraint "lead_external_id_unique" unique ("external_id")`);
    this.addSql(
      `create table "lead_alias" ("external_id" varchar(190) not null, "lead_id" bigint not null, primary key ("external_id"))`,
    );
    this.addSql(`create index "lead_alias_lead_id_index" on "lead_alias" ("lead_id")`);
    this.addSql(
      `create table "operator" ("id" bigserial primary key, "name" text not null, "email" text null, "role" varchar(255) not null, "is_active" boolean not null, "availability" varchar(255) not null, "is_online" boolean not null, "max_load" int not null, "load" int not null, "created_at" timestamptz not null, "updated_at" timestamptz not null)`,
    );
    this.addSql(`alter table "operator" add constraint "operator_email_unique" unique ("email")`);
    this.addSql(
      `create table "api_token" ("id" bigserial primary key, "name" text not null, "hash" varchar(64) not null, "role" varchar(255) not null, "scope" varchar(255) not null, "operator_id" bigint null, "expires_at" timestamptz null, "last_used_at" timestamptz null, "created_at" timestamptz not null)`,
    );
    this.addSql(`alter table "api_token" add constraint "api_token_hash_unique" unique ("hash")`);
    this.addSql(`create index "api_token_operator_id_index" on "api_token" ("operator_id")`);
    this.addSql(
      `create table "source" ("id" bigserial primary key, "name" text not null, "code" varchar(64) not null, "kind" varchar(255) not null, "is_active" boolean not null, "strategy" varchar(255) not null, "return_policy" varchar(255) not null, "require_presence" boolean not null, "greeting" text null, "sealed_secret" text null, "secret_hint" varchar(255) null, "token_fingerprint" varchar(255) null, "telegram_mode" varchar(255) null, "api_root" text null, "bot_info" jsonb null, "webhook_auth" varchar(255) null, "callback_url" text null, "mapping" jsonb null, "created_at" timestamptz not null, "updated_at" timestamptz not null)`,
    );
    this.addSql(`alter table "source" add constraint "source_code_unique" unique ("code")`);
    this.addSql(
      `alter table "source" add constraint "source_token_fingerprint_unique" unique ("token_fingerprint")`,
    );
    this.addSql(
      `create table "contact" ("id" bigserial primary key, "lead_id" bigint not null, "source_id" bigint not null, "operator_id" bigint null, "status" varchar(255) not null, "text" text null, "by_message" boolean not null, "chat" text null, "attempt" int not null, "released_by_id" bigint null, "released_at" timestamptz null, "last_author" varchar(255) null, "last_text" text null, "last_at" timestamptz null, "created_at" timestamptz not null, "assigned_at" timestamptz null, "closed_at" timestamptz null, "close_reason" text null, "version" int not null)`,
    );
    this.addSql(`create index "contact_released_by_id_index" on "contact" ("released_by_id")`);
    this.addSql(
      `create index "contact_queue" on "contact" ("source_id", "created_at", "id") where status = 'waiting'`,
    );
    this.addSql(
      `create index "contact_released" on "contact" ("released_at") where status = 'waiting' and released_at is not null`,
    );
    this.addSql(`create index "contact_lead_id_id_index" on "contact" ("lead_id", "id")`);
    this.addSql(`create index "contact_source_id_id_index" on "contact" ("source_id", "id")`);
    this.addSql(
      `create index "contact_operator_id_status_id_index" on "contact" ("operator_id", "status", "id")`,
    );
    this.addSql(`create index "contact_status_id_index" on "contact" ("status", "id")`);
    this.addSql(`create index "contact_created_at_id_index" on "contact" ("created_at", "id")`);
    this.addSql(
      `create unique index "contact_one_open_by_message" on "contact" ("lead_id", "source_id") where by_message and status <> 'closed'`,
    );
    this.addSql(
      `create table "message" ("id" bigserial primary key, "contact_id" bigint not null, "source_id" bigint not null, "author" varchar(255) not null, "operator_id" bigint null, "text" text not null, "attachments" jsonb not null, "status" varchar(255) null, "error" text null, "client_id" text null, "external_id" text null, "reply_to" bigint null, "raw" jsonb null, "sent_at" timestamptz null, "edited_at" timestamptz null, "created_at" timestamptz not null)`,
    );
    this.addSql(`create index "message_contact_id_id_index" on "message" ("contact_id", "id")`);
    this.addSql(`alter table "message" add constraint "message_once" unique ("source_id", "external_id")`);
    this.addSql(
      `alter table "message" add constraint "message_client_once" unique ("contact_id", "client_id")`,
    );
    this.addSql(
      `create table "delivery" ("id" bigserial primary key, "source_id" bigint not null, "message_id" bigint null, "kind" varchar(255) not null, "lane" text not null, "chat" text null, "text" text null, "status" varchar(255) not null, "attempt" int not null, "next_at" timestamptz not null, "error" text null, "created_at" timestamptz not null, "updated_at" timestamptz not null)`,
    );
    this.addSql(`create index "delivery_message_id_index" on "delivery" ("message_id")`);
    this.addSql(
      `create index "delivery_lane" on "delivery" ("source_id", "lane", "id") where status in ('queued', 'sending')`,
    );
    this.addSql(`create index "delivery_due" on "delivery" ("next_at", "id") where status = 'queued'`);
    this.addSql(
      `create table "idempotency_key" ("credential" varchar(255) not null, "idempotency_key" varchar(255) not null, "body_hash" varchar(64) not null, "contact_id" bigint not null, "created_at" timestamptz not null, primary key ("credential", "idempotency_key"))`,
    );
    this.addSql(`create index "idempotency_key_contact_id_index" on "idempotency_key" ("contact_id")`);
    this.addSql(`create index "idempotency_key_created_at_index" on "idempotency_key" ("created_at")`);
    this.addSql(
      `create table "decision" ("id" bigserial primary key, "contact_id" bigint not null, "at" timestamptz not null, "strategy" varchar(255) not null, "rule" varchar(255) not null, "trigger_kind" varchar(255) not null, "outcome" varchar(255) not null, "operator_id" bigint null, "refused" jsonb not null, "candidate_count" int not null, "candidates" jsonb not null, "total_weight" bigint not null, "draw" bigint null, "config_version" int not null)`,
    );
    this.addSql(`create index "decision_contact_id_id_index" on "decision" ("contact_id", "id")`);
    this.addSql(
      `create table "source_operator" ("source_id" bigint not null, "operator_id" bigint not null, "weight" int not null, primary key ("source_id", "operator_id"))`,
    );
    this.addSql(`create index "source_operator_operator_id_index" on "source_operator" ("operator_id")`);
    this.addSql(
      `alter table "lead_alias" add constraint "lead_alias_lead_id_foreign" foreign key ("lead_id") references "lead" ("id")`,
    );
    this.addSql(
      `alter table "api_token" add constraint "api_token_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "contact" add constraint "contact_lead_id_foreign" foreign key ("lead_id") references "lead" ("id")`,
    );
    this.addSql(
      `alter table "contact" add constraint "contact_source_id_foreign" foreign key ("source_id") references "source" ("id")`,
    );
    this.addSql(
      `alter table "contact" add constraint "contact_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on delete no action`,
    );
    this.addSql(
      `alter table "contact" add constraint "contact_released_by_id_foreign" foreign key ("released_by_id") references "operator" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "message" add constraint "message_contact_id_foreign" foreign key ("contact_id") references "contact" ("id")`,
    );
    this.addSql(
      `alter table "delivery" add constraint "delivery_message_id_foreign" foreign key ("message_id") references "message" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "idempotency_key" add constraint "idempotency_key_contact_id_foreign" foreign key ("contact_id") references "contact" ("id")`,
    );
    this.addSql(
      `alter table "decision" add constraint "decision_contact_id_foreign" foreign key ("contact_id") references "contact" ("id")`,
    );
    this.addSql(
      `alter table "source_operator" add constraint "source_operator_source_id_foreign" foreign key ("source_id") references "source" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "source_operator" add constraint "source_operator_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on update cascade on delete cascade`,
    );
    this.addSql(`insert into configuration (id, version) values (1, 1)`);
  }
}
