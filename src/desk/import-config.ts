import type { ConfigFile } from '../contract/config-file.ts';
import type { OperatorId, SourceId } from '../contract/ids.ts';
import type { SourceCreate, SourceUpdate } from '../contract/source.ts';
import { Problem } from '../problem.ts';
import type { Tx } from '../store/write.ts';
import type { Actor } from './actor.ts';
import { audit } from './audit-log.ts';
import {
  changeCount,
  type ConfigDiff,
  configDiff,
  type OperatorChange,
  type SourceChange,
} from './config-diff.ts';
import { bumpConfiguration, moveQueues } from './configuration.ts';
import { addOperator } from './create-operator.ts';
import { addSource } from './create-source.ts';
import type { Desk } from './desk.ts';
import { type PresentConfig, presentIn, readPresent } from './export-config.ts';
import { findSource } from './find-source.ts';
import { authorizeAny } from './policy.ts';
import { putWeights } from './source-weights.ts';
import { changeOperator } from './update-operator.ts';
import { changeSource } from './update-source.ts';

/** What an import has changed, or would change. */
export type ConfigImport = {
  diff: ConfigDiff;
  /** The configuration's version; `after` is the same where nothing was to change. */
  before: number;
  after: number;
  /** Of the webhook sources that are new; they stand in this answer alone. */
  secrets: { code: string; secret: string }[];
};

/**
 * What `importConfiguration` would do now; nothing is written. Throws Problem('forbidden'), or Problem('invalid') with
 * every reason why the file cannot be brought into this database.
 */
export async function previewImport(desk: Desk, actor: Actor, file: ConfigFile): Promise<ConfigImport> {
  authorizeAny(actor, 'configure');
  const present = await readPresent(desk);
  const diff = possibleDiff(present, file);
  return { diff, before: present.version, after: present.version, secrets: [] };
}

/**
 * Brings operators, sources and weights to what the file says, all or nothing; what it does not name stays as it is.
 * Where nothing is to change, nothing is written. What the change lets move has moved when this resolves.
 * Throws like `previewImport`.
 */
export async function importConfiguration(desk: Desk, actor: Actor, file: ConfigFile): Promise<ConfigImport> {
  const preview = await previewImport(desk, actor, file);
  if (changeCount(preview.diff) === 0) return preview;
  const { sources, ...done } = await desk.store.write(async (tx) => {
    const after = await bumpConfiguration(tx);
    // Compared once more, now that nobody else can change the configuration.
    const present = await presentIn(tx.em);
    const diff = possibleDiff(present, file);
    const change = { subject: 'configuration', after: { version: after } };
    await audit(tx, actor, { at: desk.clock.now(), action: 'config.imported', ...change });
    return { diff, before: after - 1, after, ...(await applyDiff(desk, tx, actor, { present, diff })) };
  });
  await moveQueues(desk, { sources });
  return done;
}

function possibleDiff(present: PresentConfig, file: ConfigFile): ConfigDiff {
  const diff = configDiff(present, file);
  if (diff.faults.length > 0) throw new Problem('invalid', { errors: diff.faults });
  return diff;
}

type Applied = { secrets: ConfigImport['secrets']; sources: SourceId[] };

async function applyDiff(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  { present, diff }: { present: PresentConfig; diff: ConfigDiff },
): Promise<Applied> {
  await lockTouched(tx, diff);
  const ids = new Map(present.operators.map(({ key, id }) => [key, id]));
  const moving: SourceId[] = [];
  for (const change of diff.operators) {
    const { id, sources } = await applyOperator(desk, tx, actor, change);
    ids.set(change.key, id);
    moving.push(...sources);
  }
  const secrets: ConfigImport['secrets'] = [];
  for (const change of diff.sources) {
    const { id, secret } = await applySource(desk, tx, actor, { change, ids });
    moving.push(id);
    if (secret !== undefined) secrets.push({ code: change.entry.code, secret });
  }
  return { secrets, sources: moving };
}

/** All of them at once, by id like everybody else: one after the other would run into who locks several. */
async function lockTouched(tx: Tx, { operators, sources }: ConfigDiff): Promise<void> {
  const known = <Id>({ id }: { id: Id | null }): Id[] => (id === null ? [] : [id]);
  await tx.sql.routingFacts(sources.flatMap(known), operators.flatMap(known));
}

async function applyOperator(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  { id, entry }: OperatorChange,
): Promise<{ id: OperatorId; sources: SourceId[] }> {
  if (id === null) return { id: (await addOperator(desk, tx, actor, entry)).id, sources: [] };
  const input = { ...entry, email: entry.email ?? null };
  const { sources } = await changeOperator(desk, tx, actor, { id, input });
  return { id, sources };
}

async function applySource(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  { change, ids }: { change: SourceChange; ids: ReadonlyMap<string, OperatorId> },
): Promise<{ id: SourceId; secret: string | undefined }> {
  const written = await writeSource(desk, tx, actor, change);
  const source = await findSource(tx.em, change.entry.code);
  if (change.weights.length > 0) {
    const weights = change.weights.map(({ key, after }) => ({ operator_id: ids.get(key)!, weight: after }));
    await putWeights(desk, tx, actor, { source, weights, replaced: 'named' });
  }
  return { id: source.id, secret: written };
}

/** Answers the secret of a new webhook source. */
async function writeSource(
  desk: Desk,
  tx: Tx,
  actor: Actor,
  { id, entry, fields }: SourceChange,
): Promise<string | undefined> {
  const { code, kind, weights: _, ...settings } = entry;
  if (id === null) {
    const input = { ...settings, code, kind, telegram: undefined } satisfies SourceCreate;
    return (await addSource(desk, tx, actor, { input, bot: null })).webhook?.secret;
  }
  if (fields.length === 0) return undefined;
  const input: SourceUpdate = {
    ...settings,
    greeting: entry.greeting ?? null,
    greetings: entry.greetings ?? {},
    queue_notice: entry.queue_notice ?? null,
    queue_notices: entry.queue_notices ?? {},
    retention_days: entry.retention_days ?? null,
    ...(entry.telegram && { telegram: { ...entry.telegram, api_root: entry.telegram.api_root ?? null } }),
    ...(entry.webhook && { webhook: webhookInput(entry.webhook) }),
  };
  await changeSource(desk, tx, actor, { ref: code, input, bot: null });
  return undefined;
}

/** What an entry leaves out is none, where a change of REST would let it stay. */
function webhookInput(webhook: NonNullable<SourceChange['entry']['webhook']>): SourceUpdate['webhook'] {
  return { ...webhook, callback_url: webhook.callback_url ?? null, mapping: webhook.mapping ?? {} };
}
