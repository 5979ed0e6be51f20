/** Why the gateway does not take a password, by what it says in English (NewPassword of the contract). */
export function passwordFault(told: string): 'short' | 'long' | 'guessed' {
  if (/at least \d+ characters/.test(told)) return 'short';
  return /at most \d+ characters/.test(told) ? 'long' : 'guessed';
}
