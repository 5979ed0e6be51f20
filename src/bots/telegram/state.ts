import type { SourceState } from '../../contract/source.ts';
import type { Failure } from './client.ts';

/** What a failed call says about the bot. */
export function stateOf(failure: Failure): SourceState {
  if (failure.kind !== 'answered') return 'unreachable';
  switch (failure.status) {
    case 401:
    // Telegram answers 404 for what does not even look like a token.
    case 404:
      return 'unauthorized';
    case 409:
      return 'conflict';
    case 429:
      return 'running';
    default:
      return 'unreachable';
  }
}
