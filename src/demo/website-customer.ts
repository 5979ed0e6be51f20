import type { Mouth } from './conversation.ts';
import type { Language, Media } from './script.ts';
import type { Tempo } from './tempo.ts';

/** The form on a website that posts to a webhook source. */
export type Website = { hook: string; secret: string; tempo: Tempo };

export type Visitor = { id: string; name: string; phone: string; language: Language };

/** The mouth of a visitor of the website. `run` keeps the ids of its messages apart from those of earlier runs. */
export function websiteMouth(website: Website, visitor: Visitor, run: number): Mouth {
  let count = 0;

  async function post(text: string, attachments: object[] = []): Promise<void> {
    count += 1;
    const { id: external_id, name, phone, language } = visitor;
    const id = `${run}-${external_id}-${count}`;
    const body = JSON.stringify({ external_id, id, text, name, phone, language, attachments });
    // The id makes a repeat harmless, so an answer that says "not now" is simply asked for again.
    while (!(await isTaken(website, body))) await website.tempo.pause(2);
  }

  return {
    says: (text) => post(text),
    // A form cannot take back what it has sent.
    edits: (text) => post(`* ${text}`),
    sends: (media, caption) =>
      post(caption, [{ kind: 'photo', name: `${media}.jpg`, mime_type: 'image/jpeg', size: sizes[media] }]),
  };
}

const sizes: Partial<Record<Media, number>> = { parcel: 12_798, phone: 20_876, lesson: 18_409 };

async function isTaken({ hook, secret }: Website, body: string): Promise<boolean> {
  const response = await fetch(hook, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body,
  });
  await response.arrayBuffer();
  if (response.status === 429 || response.status >= 500) return false;
  if (!response.ok) throw new Error(`the website's form was answered ${response.status}`);
  return true;
}
