import type { Advice, SourceHealth } from '../contract/source.ts';

const texts = {
  'token-refused':
    'Telegram does not accept the token. Take the present one from @BotFather and set it here.',
  'polled-elsewhere':
    'Another program asks for the messages of this bot with the same token. Stop it, or have @BotFather make a new token and set it here.',
  'webhook-elsewhere':
    'The webhook of this bot points somewhere else. Stop what set it there; the gateway sets it again when it is gone.',
  'cannot-reach-server':
    'The Bot API server does not answer. Check the network of this machine and the API address; where Telegram is blocked, set the address of a Bot API server of your own.',
  'needs-public-url':
    'Webhook mode needs PUBLIC_URL, the https address under which Telegram reaches the gateway. Set it, or use polling.',
  'webhook-fails':
    'Telegram cannot post to PUBLIC_URL and keeps the messages for at most 24 hours. Check that the address is reachable from the internet with a valid certificate on port 443, 80, 88 or 8443, or use polling.',
  'not-committed':
    'Messages arrive and cannot be stored; they come again. Check the database and the space on its disk.',
} as const satisfies Record<Advice['code'], string>;

type Symptoms = Pick<SourceHealth, 'state' | 'mode' | 'last_error'>;

/** What a person can do about a bot that does not do well; null when there is nothing to do. */
export function adviceFor(symptoms: Symptoms): Advice | null {
  const code = codeFor(symptoms);
  return code === null ? null : { code, text: texts[code] };
}

export const NEEDS_PUBLIC_URL = 'webhook mode needs PUBLIC_URL';
export const NOT_COMMITTED = 'not committed';

function codeFor({ state, mode, last_error: error }: Symptoms): Advice['code'] | null {
  switch (state) {
    case 'unauthorized':
      return 'token-refused';
    case 'conflict':
      return mode === 'webhook' ? 'webhook-elsewhere' : 'polled-elsewhere';
    case 'unreachable':
      return error === NEEDS_PUBLIC_URL ? 'needs-public-url' : 'cannot-reach-server';
    case 'running':
      if (error === null) return null;
      if (error.startsWith(NOT_COMMITTED)) return 'not-committed';
      return mode === 'webhook' ? 'webhook-fails' : null;
    case 'starting':
    case 'stopped':
      return null;
  }
}
