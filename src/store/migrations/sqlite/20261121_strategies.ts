import { Migration } from '@mikro-orm/migrations';

/** What strategies that go by an order keep, and what their decisions record. */
export class Migration20261121Strategies extends Migration {
  override up(): void {
    this.addSql(
      `create table "strategy_memory" ("source_id" bigint not null primary key, "turn" double not null, "marks" json not null, constraint "strategy_memory_source_id_foreign" foreign key ("source_id") references "source" ("id") on update cascade on delete cascade)`,
    );
    this.addSql(`alter table "decision" add column "turn" double null`);
    this.addSql(`alter table "decision" add column "runner_up" json null`);
  }
}
