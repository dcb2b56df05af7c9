import { createHash } from 'node:crypto'
import type { Call } from '@souk/platform'

export const userOwner = (userId: string): string => `user:${userId}`

/** Only the hash of a guest's token is ever stored or compared. */
export const guestOwner = (token: string): string => `guest:${createHash('sha256').update(token).digest('base64url')}`

/** Whose cart a call means: a signed-in buyer's own, whatever token comes along; else the token's; else nobody's. */
export const ownerOf = (call: Call, token: string): string | undefined => {
  if (call.actor.kind === 'user') return userOwner(call.actor.id)
  return token ? guestOwner(token) : undefined
}
