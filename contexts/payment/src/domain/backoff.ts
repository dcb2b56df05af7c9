const first = [2000, 5000, 15_000, 30_000]
const minute = 60_000

/** Milliseconds to wait after `tries` questions without a final answer: quick at first, then every minute for an hour. */
export const askAgainAfterMs = (tries: number): number => first[tries] ?? (tries < 64 ? minute : 10 * minute)

/** For so long a channel is asked; then a person has to look. */
export const askForMs = 72 * 60 * minute
