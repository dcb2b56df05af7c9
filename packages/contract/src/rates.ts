// Generated from proto/ by tools/gen. Do not edit.

export type RateClass =
  | 'read'
  | 'write'
  | 'auth'
  | 'money'
  | 'import'
  | 'callback'

/** Requests a minute per address and per user; `burst` may come at once. */
export const rates: Record<RateClass, { perMinute: number; burst: number }> = {
  read: { perMinute: 6000, burst: 600 },
  write: { perMinute: 1200, burst: 200 },
  auth: { perMinute: 300, burst: 150 },
  money: { perMinute: 600, burst: 100 },
  import: { perMinute: 30, burst: 10 },
  callback: { perMinute: 60000, burst: 6000 },
}
