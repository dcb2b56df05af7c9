/** What is known about a refresh token that was presented; undefined when its hash is unknown. */
export type PresentedToken =
  | {
      /** When its successor was issued; undefined for the newest of its family. */
      rotatedAt: Date | undefined
      revokedAt: Date | undefined
      expiresAt: Date
      accountActive: boolean
    }
  | undefined

/**
 * `rotate`: issue the successor. `repeat`: the answer may have been lost or two tabs asked at once; the same successor
 * again. `reuse`: somebody holds a copy, so the whole family ends. `refuse`: nothing to save.
 */
export type RefreshVerdict = 'rotate' | 'repeat' | 'reuse' | 'refuse'

/** How long a rotated token still gets its successor. */
export const repeatWindowMs = 10_000

export const decideRefresh = (token: PresentedToken, now: Date): RefreshVerdict => {
  if (!token || token.revokedAt || token.expiresAt <= now || !token.accountActive) return 'refuse'
  if (!token.rotatedAt) return 'rotate'
  return now.getTime() - token.rotatedAt.getTime() <= repeatWindowMs ? 'repeat' : 'reuse'
}
