import type { Message } from 'grammy/types';
import type { Bot, StoredFile } from './bot.ts';
import { integerOf, type Params, textOf, type Upload, uploadOf } from './params.ts';
import { badRequest, Refusal } from './refusal.ts';

const MB = 1024 * 1024;

type Rule = { folder: string; extension: string; mimeType: string; maxBytes: number; hasCaption: boolean };

/** What may be sent, and within which bounds: https://core.telegram.org/bots/api#sending-files */
const rules = {
  photo: { folder: 'photos', extension: 'jpg', mimeType: 'image/jpeg', maxBytes: 10 * MB, hasCaption: true },
  document: { ...any('documents', 'bin', 'application/octet-stream'), hasCaption: true },
  video: { ...any('videos', 'mp4', 'video/mp4'), hasCaption: true },
  animation: { ...any('animations', 'mp4', 'video/mp4'), hasCaption: true },
  audio: { ...any('music', 'mp3', 'audio/mpeg'), hasCaption: true },
  voice: { ...any('voice', 'oga', 'audio/ogg'), hasCaption: true },
  video_note: { ...any('video_notes', 'mp4', 'video/mp4'), hasCaption: false },
  sticker: {
    folder: 'stickers',
    extension: 'webp',
    mimeType: 'image/webp',
    maxBytes: 512 * 1024,
    hasCaption: false,
  },
} as const satisfies Record<string, Rule>;

export type MediaKind = keyof typeof rules;

function any(folder: string, extension: string, mimeType: string) {
  return { folder, extension, mimeType, maxBytes: 50 * MB };
}

export function isMediaKind(kind: string): kind is MediaKind {
  return Object.hasOwn(rules, kind);
}

/** Keeps a file for the bot, under an id of its own. Throws `Refusal` for one that Telegram would not take. */
export function storeFile(bot: Bot, kind: MediaKind, { name, mimeType, bytes }: Upload): StoredFile {
  const rule = rules[kind];
  const size = bytes.length;
  if (size === 0) throw badRequest('file must be non-empty');
  if (size > 50 * MB) throw new Refusal(413, 'Request Entity Too Large');
  if (size > rule.maxBytes)
    throw badRequest(
      `file of size ${size} bytes is too big for a ${kind}; the maximum size is ${rule.maxBytes} bytes`,
    );
  const number = bot.files.size + 1;
  const extension = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1] ?? rule.extension;
  const file: StoredFile = {
    id: `${kind}-${bot.me.id}-${number}`,
    path: `${rule.folder}/file_${number}.${extension}`,
    bytes,
    kind,
    ...(name !== '' && { name }),
    // A client that does not know says "octet stream"; the kind knows better.
    mimeType: /^(?:|application\/octet-stream)$/.test(mimeType) ? rule.mimeType : mimeType,
  };
  bot.files.set(file.id, file);
  return file;
}

/** The part of a message that a file makes; `facts` are a duration, an emoji and the like. */
export function mediaPart(kind: MediaKind, file: StoredFile, facts: Params): Partial<Message> {
  const described = {
    file_id: file.id,
    file_unique_id: `u${file.id}`,
    file_size: file.bytes.length,
  };
  const named = {
    ...described,
    ...(file.name !== undefined && { file_name: file.name }),
    mime_type: file.mimeType ?? rules[kind].mimeType,
  };
  const size = { width: integerOf(facts, 'width', 640), height: integerOf(facts, 'height', 480) };
  const duration = { duration: integerOf(facts, 'duration', 0) };
  switch (kind) {
    case 'photo':
      return { photo: [{ ...described, ...size }] };
    case 'document':
      return { document: named };
    case 'video':
      return { video: { ...named, ...size, ...duration } };
    case 'animation':
      // Telegram names the document beside the animation, for clients from before animations.
      return { animation: { ...named, ...size, ...duration }, document: named };
    case 'audio':
      return { audio: { ...named, ...duration } };
    case 'voice':
      return {
        voice: { ...described, mime_type: named.mime_type, ...duration },
      };
    case 'video_note':
      return { video_note: { ...described, length: size.height, ...duration } };
    case 'sticker':
      return {
        sticker: {
          ...described,
          ...size,
          type: 'regular',
          is_animated: false,
          is_video: false,
          ...emojiIn(facts),
        },
      };
  }
}

function emojiIn(facts: Params): { emoji?: string } {
  const emoji = textOf(facts, 'emoji');
  return emoji === '' ? {} : { emoji };
}

/** The media of a call: an upload, or a file that the bot has seen. Throws `Refusal`. */
export function mediaOf(bot: Bot, kind: MediaKind, params: Params): Partial<Message> {
  return { ...mediaPart(kind, fileIn(bot, kind, params), params), ...captionIn(kind, params) };
}

function fileIn(bot: Bot, kind: MediaKind, params: Params): StoredFile {
  const upload = uploadOf(params, kind);
  if (upload !== null) return storeFile(bot, kind, upload);
  const given = textOf(params, kind);
  if (given === '') throw badRequest(`there is no ${kind} in the request`);
  // Telegram would fetch it; the stand-in asks nobody for anything.
  if (/^https?:/.test(given)) throw badRequest('failed to get HTTP URL content');
  const file = bot.files.get(given);
  if (file === undefined) throw badRequest('wrong file identifier/HTTP URL specified');
  if (file.kind !== undefined && file.kind !== kind)
    throw badRequest(`can't use file of type ${file.kind} as ${kind}`);
  return file;
}

function captionIn(kind: MediaKind, params: Params): Partial<Message> {
  const caption = textOf(params, 'caption');
  if (!rules[kind].hasCaption || caption === '') return {};
  if (caption.length > 1024) throw badRequest('message caption is too long');
  return { caption };
}
