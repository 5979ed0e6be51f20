import Database from 'better-sqlite3';

export type Post = { external_id: string; text: string; source: number };
export type Answer = { contact_id: number; lead_id: number; message_id: number; contact: string };
type Member = { id: number; name: string; weight: number; load: number; max_load: number };

/**
 * The least that can be written: the same rows in the same tables as the gateway, by prepared statements, with the
 * plainest weighted pick over an array. It checks nothing, refuses nothing and explains nothing but its own pick.
 */
export function openBare(file: string): { commit(posts: Post[]): Answer[]; close(): void } {
  const db = new Database(file);
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = full');
  db.pragma('foreign_keys = on');
  const sources = db.prepare('select id, code, name from source').all() as {
    id: number;
    code: string;
    name: string;
  }[];
  const members = new Map(
    sources.map(({ id }) => [
      id,
      db
        .prepare(
          `select o.id, o.name, w.weight, o.load, o.max_load from source_operator w join operator o on o.id = w.operator_id
            where w.source_id = ? order by o.id`,
        )
        .all(id) as Member[],
    ]),
  );
  const sourceOf = new Map(sources.map((source) => [source.id, source]));
  const findLead = db.prepare('select id from lead where external_id = ?');
  const findSeen = db.prepare('select contact_id from message where source_id = ? and external_id = ?');
  const findOpen = db.prepare(
    "select id from contact where lead_id = ? and +source_id = ? and status <> 'closed'",
  );
  const addLead = db.prepare('insert into lead (external_id, created_at, updated_at) values (?, ?, ?)');
  const addContact = db.prepare(
    `insert into contact (lead_id, source_id, operator_id, status, text, by_message, attempt, last_author, last_text,
       last_at, created_at, assigned_at, version) values (?, ?, ?, 'assigned', ?, 1, 1, 'lead', ?, ?, ?, ?, 1)`,
  );
  const addMessage = db.prepare(
    `insert into message (contact_id, source_id, author, text, attachments, external_id, created_at)
     values (?, ?, 'lead', ?, '[]', ?, ?)`,
  );
  const addDecision = db.prepare(
    `insert into decision (contact_id, at, strategy, rule, trigger_kind, outcome, operator_id, refused, candidate_count, candidates,
       total_weight, draw, config_version) values (?, ?, 'weighted_random', 'strategy', 'arrival', 'assigned', ?, '{}', ?, ?, ?, ?, 1)`,
  );
  const addEvent = db.prepare(
    `insert into event (xid, at, type, source_id, contact_id, status_after, operator_after, actor, data)
     values (0, ?, ?, ?, ?, 'assigned', ?, 'routing', ?)`,
  );
  const raiseLoad = db.prepare('update operator set load = load + 1 where id = ? and load < max_load');

  function one(post: Post): Answer {
    const now = Date.now();
    const at = new Date(now).toISOString();
    const { external_id: externalId, text } = post;
    const source = sourceOf.get(post.source)!;
    findSeen.get(source.id, externalId);
    const known = findLead.get(externalId) as { id: number } | undefined;
    const lead = known?.id ?? Number(addLead.run(externalId, now, now).lastInsertRowid);
    findOpen.get(lead, source.id);

    const pool = members.get(source.id)!;
    const total = pool.reduce((sum, { weight }) => sum + weight, 0);
    const draw = Math.floor(Math.random() * total);
    let rest = draw;
    let before = 0;
    const operator = pool.find(({ weight }) => (rest -= weight) < 0)!;
    const candidates = pool.map(({ id, weight, load, max_load }) => {
      before += weight;
      return {
        operator_id: id,
        weight,
        load,
        max_load,
        eligible: true,
        reason: null,
        weight_before: before - weight,
      };
    });
    if (raiseLoad.run(operator.id).changes !== 1) throw new Error('full');
    operator.load += 1;

    const contactId = Number(
      addContact.run(lead, source.id, operator.id, text, text, now, now, now).lastInsertRowid,
    );
    const messageId = Number(addMessage.run(contactId, source.id, text, externalId, now).lastInsertRowid);
    addDecision.run(contactId, now, operator.id, pool.length, JSON.stringify(candidates), total, draw);
    const contact = JSON.stringify({
      id: contactId,
      lead_id: lead,
      source_id: source.id,
      operator_id: operator.id,
      status: 'assigned',
      text,
      created_at: at,
      assigned_at: at,
      closed_at: null,
      close_reason: null,
      version: 1,
      lead: { id: lead, external_id: externalId, name: null },
      source,
      operator: { id: operator.id, name: operator.name },
      last_message: { author: 'lead', text, at },
    });
    addEvent.run(now, 'contact.created', source.id, contactId, operator.id, contact);
    addEvent.run(now, 'contact.assigned', source.id, contactId, operator.id, contact);
    const message = {
      id: messageId,
      contact_id: contactId,
      author: 'lead',
      operator_id: null,
      text,
      attachments: [],
    };
    const rest_ = { status: null, error: null, client_id: null, external_id: externalId, reply_to: null };
    const data = JSON.stringify({ ...message, ...rest_, sent_at: null, edited_at: null, created_at: at });
    addEvent.run(now, 'message.created', source.id, contactId, operator.id, data);
    return { contact_id: contactId, lead_id: lead, message_id: messageId, contact };
  }

  const commit = db.transaction((posts: Post[]) => posts.map(one)).immediate;
  return { commit, close: () => void db.close() };
}
