import type { ContactId, LeadId, OperatorId, SourceId } from '../../src/contract/ids.ts';
import { MessageCreate, type Message } from '../../src/contract/message.ts';
import type { Actor } from '../../src/desk/actor.ts';
import { claimDelivery } from '../../src/desk/claim-delivery.ts';
import { dueDeliveries } from '../../src/desk/due-deliveries.ts';
import { type DeliveryOutcome, settleDelivery } from '../../src/desk/settle-delivery.ts';
import { writeMessage } from '../../src/desk/write-message.ts';
import { actingAs, hasOperator, hasSource, type TestDesk, writes } from '../support/desk.ts';

export type Chat = { source: SourceId; contactId: ContactId; leadId: LeadId; ann: OperatorId; asAnn: Actor };

/** The lead `tg:5` has written to a bot in chat 5, and Ann has the contact. */
export async function hasChat(
  desk: TestDesk,
  traits: Parameters<typeof hasSource>[1] = {},
  chat = '5',
): Promise<Chat> {
  const source = await hasSource(desk, { kind: 'telegram', ...traits });
  const ann = await hasOperator(desk, { on: { [source]: 1 } });
  const { contactId, leadId } = await writes(desk, source, 'tg:5', { chat });
  return { source, contactId: contactId!, leadId: leadId!, ann, asAnn: actingAs(ann) };
}

/** Ann replies, in this contact or in another one of hers. */
export async function replies(
  desk: TestDesk,
  { contactId, asAnn }: Pick<Chat, 'contactId' | 'asAnn'>,
  text: string,
): Promise<Message> {
  return (await writeMessage(desk, asAnn, contactId, MessageCreate.parse({ text }))).message;
}

/** What is oldest in the outbox of the source is tried, and this comes of it; answers the delivery. */
export async function tries(
  desk: TestDesk,
  { source }: Pick<Chat, 'source'>,
  outcome: DeliveryOutcome,
): Promise<number> {
  const [due] = await dueDeliveries(desk, [source], 1);
  await claimDelivery(desk, due!.id);
  await settleDelivery(desk, due!.id, outcome);
  return due!.id;
}
