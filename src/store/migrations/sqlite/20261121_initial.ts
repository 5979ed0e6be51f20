import { Migration } from '@mikro-orm/migrations';

/** Every table of the first release. */
export class Migration20261121Initial extends Migration {
  override up(): void {
    this.addSql(
      `create table "announcement" ("source_id" bigint not null, "chat" text not null, "topic" text not null, "at" datetime not null, primary key ("source_id", "chat", "topic"))`,
    );
    this.addSql(
      `create table "configuration" ("id" integer not null primary key, "version" integer not null)`,
    );
    this.addSql(
      `create table "dead_letter" ("id" integer not null primary key autoincrement, "source_id" bigint not null, "external_id" text null, "reason" text not null, "raw" json not null, "created_at" datetime not null)`,
    );
    this.addSql(`create unique index "dead_letter_once" on "dead_letter" ("source_id", "external_id")`);
    this.addSql(
      `create table "early_edit" ("source_id" bigint not null, "external_id" text not null, "text" text not null, "edited_at" datetime not null, primary key ("source_id", "external_id"))`,
    );
    this.addSql(
      `create table "event" ("id" integer not null primary key autoincrement, "xid" bigint not null, "at" datetime not null, "type" text not null, "source_id" bigint null, "contact_id" bigint null, "status_before" text null, "status_after" text null, "operator_before" bigint null, "operator_after" bigint null, "actor" text not null, "reason" text null, "data" json not null)`,
    );
    this.addSql(`create index "event_xid_id_index" on "event" ("xid", "id")`);
    this.addSql(`create index "event_contact_id_id_index" on "event" ("contact_id", "id")`);
    this.addSql(
      `create table "lead" ("id" integer not null primary key autoincrement, "external_id" text not null, "name" text null, "phone" text null, "email" text null, "created_at" datetime not null, "updated_at" datetime not null)`,
    );
    this.addSql(`create unique index "lead_external_id_unique" on "lead" ("external_id")`);
    this.addSql(
      `create table "lead_alias" ("external_id" text not null primary key, "lead_id" bigint not null, constraint "lead_alias_lead_id_foreign" foreign key ("lead_id") references "lead" ("id"))`,
    );
    this.addSql(`create index "lead_alias_lead_id_index" on "lead_alias" ("lead_id")`);
    this.addSql(
      `create table "operator" ("id" integer not null primary key autoincrement, "name" text not null, "email" text null, "role" text not null, "is_active" integer not null, "availability" text not null, "is_online" integer not null, "max_load" integer not null, "load" integer not null, "created_at" datetime not null, "updated_at" datetime not null)`,
    );
    this.addSql(`create unique index "operator_email_unique" on "operator" ("email")`);
    this.addSql(
      `create table "api_token" ("id" integer not null primary key autoincrement, "name" text not null, "hash" text not null, "role" text not null, "scope" text not null, "operator_id" bigint null, "expires_at" datetime null, "last_used_at" datetime null, "created_at" datetime not null, constraint "api_token_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on delete cascade)`,
    );
    this.addSql(`create unique index "api_token_hash_unique" on "api_token" ("hash")`);
    this.addSql(`create index "api_token_operator_id_index" on "api_token" ("operator_id")`);
    this.addSql(
      `create table "source" ("id" integer not null primary key autoincrement, "name" text not null, "code" text not null, "kind" text not null, "is_active" integer not null, "strategy" text not null, "return_policy" text not null, "require_presence" integer not null, "greeting" text null, "sealed_secret" text null, "secret_hint" text null, "token_fingerprint" text null, "telegram_mode" text null, "api_root" text null, "bot_info" json null, "webhook_auth" text null, "callback_url" text null, "mapping" json null, "created_at" datetime not null, "updated_at" datetime not null)`,
    );
    this.addSql(`create unique index "source_code_unique" on "source" ("code")`);
    this.addSql(`create unique index "source_token_fingerprint_unique" on "source" ("token_fingerprint")`);
    this.addSql(
      `create table "contact" ("id" integer not null primary key autoincrement, "lead_id" bigint not null, "source_id" bigint not null, "operator_id" bigint null, "status" text not null, "text" text null, "by_message" integer not null, "chat" text null, "attempt" integer not null, "released_by_id" bigint null, "released_at" datetime null, "last_author" text null, "last_text" text null, "last_at" datetime null, "created_at" datetime not null, "assigned_at" datetime null, "closed_at" datetime null, "close_reason" text null, "version" integer not null, constraint "contact_lead_id_foreign" foreign key ("lead_id") references "lead" ("id"), constraint "contact_source_id_foreign" foreign key ("source_id") references "source" ("id"), constraint "contact_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on delete no action, constraint "contact_released_by_id_foreign" foreign key ("released_by_id") references "operator" ("id") on delete set null)`,
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
      `create table "message" ("id" integer not null primary key autoincrement, "contact_id" bigint not null, "source_id" bigint not null, "author" text not null, "operator_id" bigint null, "text" text not null, "attachments" json not null, "status" text null, "error" text null, "client_id" text null, "external_id" text null, "reply_to" bigint null, "raw" json null, "sent_at" datetime null, "edited_at" datetime null, "created_at" datetime not null, constraint "message_contact_id_foreign" foreign key ("contact_id") references "contact" ("id"))`,
    );
    this.addSql(`create index "message_contact_id_id_index" on "message" ("contact_id", "id")`);
    this.addSql(`create unique index "message_once" on "message" ("source_id", "external_id")`);
    this.addSql(`create unique index "message_client_once" on "message" ("contact_id", "client_id")`);
    this.addSql(
      `create table "delivery" ("id" integer not null primary key autoincrement, "source_id" bigint not null, "message_id" bigint null, "kind" text not null, "lane" text not null, "chat" text null, "text" text null, "status" text not null, "attempt" integer not null, "next_at" datetime not null, "error" text null, "created_at" datetime not null, "updated_at" datetime not null, constraint "delivery_message_id_foreign" foreign key ("message_id") references "message" ("id") on delete set null)`,
    );
    this.addSql(`create index "delivery_message_id_index" on "delivery" ("message_id")`);
    this.addSql(
      `create index "delivery_lane" on "delivery" ("source_id", "lane", "id") where status in ('queued', 'sending')`,
    );
    this.addSql(`create index "delivery_due" on "delivery" ("next_at", "id") where status = 'queued'`);
    this.addSql(
      `create table "idempotency_key" ("credential" text not null, "idempotency_key" text not null, "body_hash" text not null, "contact_id" bigint not null, "created_at" datetime not null, primary key ("credential", "idempotency_key"), constraint "idempotency_key_contact_id_foreign" foreign key ("contact_id") references "contact" ("id"))`,
    );
    this.addSql(`create index "idempotency_key_contact_id_index" on "idempotency_key" ("contact_id")`);
    this.addSql(`create index "idempotency_key_created_at_index" on "idempotency_key" ("created_at")`);
    this.addSql(
      `create table "decision" ("id" integer not null primary key autoincrement, "contact_id" bigint not null, "at" datetime not null, "strategy" text not null, "rule" text not null, "trigger_kind" text not null, "outcome" text not null, "operator_id" bigint null, "refused" json not null, "candidate_count" integer not null, "candidates" json not null, "total_weight" bigint not null, "draw" bigint null, "config_version" integer not null, constraint "decision_contact_id_foreign" foreign key ("contact_id") references "contact" ("id"))`,
    );
    this.addSql(`create index "decision_contact_id_id_index" on "decision" ("contact_id", "id")`);
    this.addSql(
      `create table "source_operator" ("source_id" bigint not null, "operator_id" bigint not null, "weight" integer not null, primary key ("source_id", "operator_id"), constraint "source_operator_source_id_foreign" foreign key ("source_id") references "source" ("id") on update cascade on delete cascade, constraint "source_operator_operator_id_foreign" foreign key ("operator_id") references "operator" ("id") on update cascade on delete cascade)`,
    );
    this.addSql(`create index "source_operator_operator_id_index" on "source_operator" ("operator_id")`);
    this.addSql(`insert into configuration (id, version) values (1, 1)`);
  }
}
