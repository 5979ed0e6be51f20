import { readFile } from 'node:fs/promises';
import type { Customer } from './bot-api/customer.ts';
import type { Mouth } from './conversation.ts';
import type { Media } from './script.ts';

const pictures = {
  parcel: { width: 800, height: 600 },
  phone: { width: 800, height: 600 },
  lesson: { width: 900, height: 560 },
};

/** Reads a file that customers send. */
function readAsset(name: string): Promise<Uint8Array> {
  return readFile(new URL(`./assets/${name}`, import.meta.url));
}

/** The mouth of a customer in Telegram. */
export function telegramMouth(customer: Customer): Mouth {
  let last: { message_id: number } | null = null;

  async function send(media: Media, caption: string): Promise<{ message_id: number }> {
    const more = caption === '' ? {} : { caption };
    switch (media) {
      case 'voice': {
        const file = { name: '', mimeType: 'audio/ogg', bytes: await readAsset('voice.ogg') };
        return customer.sends('voice', file, { ...more, duration: 3 });
      }
      case 'cat': {
        const file = { name: '', mimeType: 'image/webp', bytes: await readAsset('cat.webp') };
        return customer.sends('sticker', file, { width: 256, height: 256, emoji: '😻' });
      }
      case 'place':
        return customer.writes({ location: { latitude: 51.5126, longitude: -0.0918 } });
      case 'parcel':
      case 'phone':
      case 'lesson': {
        const file = { name: '', mimeType: 'image/jpeg', bytes: await readAsset(`${media}.jpg`) };
        return customer.sends('photo', file, { ...more, ...pictures[media] });
      }
    }
  }

  return {
    async says(text) {
      last = customer.writes(text);
    },
    async edits(text) {
      if (last !== null) customer.edits(last.message_id, text);
    },
    async sends(media, caption) {
      last = await send(media, caption);
    },
  };
}
