import { Migration } from '@mikro-orm/migrations';

/** The audit of shares, kept versions of the configuration, contacts of who goes offline, places in the queue. */
export class Migration20261123Audit extends Migration {
  override up(): void {
    this.addSql(`alter table "source" add column "on_offline" text not null default 'keep'`);
    this.addSql(`alter table "source" add column "queue_notice" text null`);
    this.addSql(`alter table "source" add column "queue_notices" json null`);
    this.addSql(`alter table "contact" add column "told_place" integer null`);
    this.addSql(`alter table "decision" add column "situation" text null`);
    this.addSql(
      `create table "configuration_part" ("kind" text not null, "ref_id" bigint not null, "version" integer not null, "at" datetime not null, "actor" text not null, "value" json null, primary key ("kind", "ref_id", "version"))`,
    );
    this.addSql(`create index "configuration_part_version_index" on "configuration_part" ("version")`);
  }
}
