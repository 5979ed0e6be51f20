import type { Attachment } from '../../contract/message.ts';
import { storable } from '../../contract/text.ts';

/** What a hook brings along, as far as it can be named; the rest is in the raw message. */
export function attachmentsOf(value: unknown): Attachment[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map(attachmentOf).filter((attachment) => attachment !== null);
}

function attachmentOf(value: unknown): Attachment | null {
  if (typeof value === 'string' && value.trim() !== '') return named({ url: value });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return named({ ...value });
}

function named(facts: Record<string, unknown>): Attachment {
  const textAt = (...names: string[]) => {
    const found = names.map((name) => facts[name]).find((text) => typeof text === 'string' && text !== '');
    return typeof found === 'string' ? storable(found) : null;
  };
  const size = facts['size'];
  const url = textAt('url', 'href');
  return {
    kind: textAt('kind', 'type') ?? 'file',
    supported: false,
    name: textAt('name', 'filename', 'file_name'),
    mime_type: textAt('mime_type', 'content_type', 'mimeType'),
    size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null,
    // Only what a person may be offered to open; other schemes stay in the raw message.
    url: url !== null && /^https?:\/\//i.test(url) ? url : null,
  };
}
