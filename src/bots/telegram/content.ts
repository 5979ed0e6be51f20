import type { Message } from 'grammy/types';
import type { Attachment } from '../../contract/message.ts';
import { storable } from '../../contract/text.ts';

// A message's envelope and the trimmings of its content; whatever else stands in it names its kind.
const envelope = new Set(
  `message_id message_thread_id from sender_chat sender_tag sender_boost_count sender_business_bot chat date edit_date
  business_connection_id receiver_user ephemeral_message_id guest_query_id guest_bot_caller_user guest_bot_caller_chat
  via_bot author_signature forward_origin forward_from forward_from_chat forward_from_message_id forward_signature
  forward_sender_name forward_date is_topic_message is_automatic_forward is_from_offline is_paid_post paid_star_count
  direct_messages_topic has_protected_content reply_to_message reply_to_story reply_to_checklist_task_id
  reply_to_poll_option_id external_reply quote text entities link_preview_options effect_id caption caption_entities
  show_caption_above_media has_media_spoiler media_group_id reply_markup suggested_post_info`.split(/\s+/),
);
// Kinds that stand beside a more general one in the same message.
const special = ['animation', 'live_photo', 'venue'];

/** What a message says: its text or caption, and what it brings that is kept but not shown yet. */
export function contentOf(message: Message): { text: string; attachments: Attachment[] } {
  if (typeof message.text === 'string') return { text: storable(message.text), attachments: [] };
  const kind = kindOf(message);
  const text = typeof message.caption === 'string' ? message.caption : `not supported yet: ${kind}`;
  return { text: storable(text), attachments: [attachmentOf(kind, message)] };
}

function kindOf(message: Message): string {
  const kinds = Object.keys(message).filter((name) => !envelope.has(name));
  return kinds.find((kind) => special.includes(kind)) ?? kinds[0] ?? 'message';
}

function attachmentOf(kind: string, message: Message): Attachment {
  const parts: Record<string, unknown> = { ...message };
  const content = parts[kind];
  // A photo is the list of its sizes, the largest last.
  const file: unknown = Array.isArray(content) ? content.at(-1) : content;
  const facts: Record<string, unknown> = typeof file === 'object' && file !== null ? { ...file } : {};
  const { file_name: name, mime_type: type, file_size: size } = facts;
  return {
    kind: storable(kind),
    supported: false,
    name: typeof name === 'string' ? storable(name) : null,
    mime_type: typeof type === 'string' ? storable(type) : null,
    size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null,
    url: null,
  };
}
