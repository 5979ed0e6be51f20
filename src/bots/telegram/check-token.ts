import type { UserFromGetMe } from 'grammy/types';
import { invalid } from '../../problem.ts';
import { failureOf, type TelegramRoot, telegramApi } from './client.ts';

/**
 * Asks Telegram whose token this is. Raises `Problem` `invalid` at `telegram.token` when Telegram does not know it;
 * 'unreachable' when Telegram cannot be asked now, so that a source can be made without a network.
 */
export async function checkBotToken(
  bot: { token: string; apiRoot: string | null },
  root: TelegramRoot,
): Promise<UserFromGetMe | 'unreachable'> {
  try {
    return await telegramApi(bot, root, { timeoutMs: 5000 }).getMe();
  } catch (error) {
    const failure = failureOf(error);
    // Telegram answers 404 for what does not even look like a token.
    if (failure.kind === 'answered' && (failure.status === 401 || failure.status === 404))
      throw invalid('telegram.token', 'Telegram does not know this token');
    return 'unreachable';
  }
}
