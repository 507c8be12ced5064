// What the hub asks for is a floor; nothing sensible asks for more than this.
const longestHint = 300_000;

/** Milliseconds to wait before try `attempt` (0 = the first): full jitter, so that thousands who lost the hub together do not come back together. */
export function backoff(attempt: number, base: number, cap: number, hint = 0): number {
  return Math.min(hint, longestHint) + Math.random() * Math.min(cap, base * 2 ** attempt);
}
