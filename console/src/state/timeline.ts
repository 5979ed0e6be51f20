import type { TrailStep } from '../../../src/contract/contact.ts';
import type { MessageId } from '../../../src/contract/ids.ts';
import type { Message } from '../../../src/contract/message.ts';
import type { Outgoing } from './outbox.ts';
import { readStep } from './trail.ts';

/** One line of a thread. `isFirst` starts a group of one speaker and carries the name. */
export type Line =
  | { key: string; kind: 'day'; at: string }
  | { key: string; kind: 'unread' }
  | { key: string; kind: 'step'; step: TrailStep }
  | { key: string; kind: 'message'; message: Message; isFirst: boolean; isLast: boolean }
  | { key: string; kind: 'outgoing'; outgoing: Outgoing; isFirst: boolean };

type Told = {
  messages: readonly Message[];
  steps: readonly TrailStep[];
  outbox: readonly Outgoing[];
  hasOlder: boolean;
  unreadFrom: MessageId | null;
};

const GROUP_WITHIN_MS = 5 * 60_000;

/** Puts messages and steps in the order they happened, with a divider before each day. */
export function timeline(told: Told, dayOf: (at: string) => string): Line[] {
  const lines: Line[] = [];
  let day: string | null = null;
  for (const entry of entriesOf(told)) {
    const entryDay = dayOf(entry.at);
    if (entryDay !== day) lines.push({ key: `day-${entryDay}`, kind: 'day', at: entry.at });
    day = entryDay;
    if (entry.kind === 'message' && entry.message.id === told.unreadFrom)
      lines.push({ key: 'unread', kind: 'unread' });
    lines.push(
      entry.kind === 'step'
        ? { key: `step-${entry.step.id}`, kind: 'step', step: entry.step }
        : { key: keyOf(entry.message), kind: 'message', message: entry.message, isFirst: true, isLast: true },
    );
  }
  group(lines);
  return [...lines, ...told.outbox.map((outgoing) => outgoingLine(outgoing, lines.at(-1)))];
}

type Entry =
  | { at: string; kind: 'message'; message: Message }
  | { at: string; kind: 'step'; step: TrailStep };

function entriesOf({ messages, steps, hasOlder }: Told): Entry[] {
  // While older messages are not loaded, steps from before them would stand in the wrong place.
  const since = hasOlder ? (messages[0]?.created_at ?? '') : '';
  const entries: Entry[] = [
    ...messages.map((message) => ({ at: message.created_at, kind: 'message' as const, message })),
    ...steps
      .filter((step) => step.at >= since && readStep(step).kind !== 'other')
      .map((step) => ({ at: step.at, kind: 'step' as const, step })),
  ];
  return entries.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}

// The key outlives the change from "being sent" to "kept", so the bubble does not jump.
function keyOf(message: Message): string {
  return message.client_id === null ? `message-${message.id}` : `said-${message.client_id}`;
}

function speakerOf(message: Message): string {
  return `${message.author}-${message.operator_id ?? ''}`;
}

function isSameGroup(before: Line | undefined, after: Line | undefined): boolean {
  if (before?.kind !== 'message' || after?.kind !== 'message') return false;
  const gap = Date.parse(after.message.created_at) - Date.parse(before.message.created_at);
  return speakerOf(before.message) === speakerOf(after.message) && gap < GROUP_WITHIN_MS;
}

function group(lines: Line[]): void {
  for (const [index, line] of lines.entries()) {
    if (line.kind !== 'message') continue;
    line.isFirst = !isSameGroup(lines[index - 1], line);
    line.isLast = !isSameGroup(line, lines[index + 1]);
  }
}

function outgoingLine(outgoing: Outgoing, last: Line | undefined): Line {
  const isMine =
    last?.kind === 'message' && last.message.author === (outgoing.kind === 'note' ? 'note' : 'operator');
  return { key: `said-${outgoing.clientId}`, kind: 'outgoing', outgoing, isFirst: !isMine };
}
