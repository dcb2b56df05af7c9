import type { MethodEntry } from '@souk/contract/methods'
import { type Permission, type Role, rolePermissions } from '@souk/contract/permissions'
import { fault } from '@souk/kernel'
import type { Actor } from '@souk/platform'
import type { Auth } from '../options.ts'

/**
 * Staff by role, API keys by scope. Moving stock by hand-made holds is for services and API keys only (SPEC IN2), not
 * even for administrators.
 */
const holds = (actor: Actor, permission: Permission): boolean => {
  if (actor.kind === 'apiKey') return actor.scopes.includes(permission)
  if (actor.kind !== 'user' || permission === 'inventory:operate') return false
  return actor.roles.some(
    (role) => Object.hasOwn(rolePermissions, role) && rolePermissions[role as Role].includes(permission),
  )
}

/**
 * Whether the contract lets this actor call at all. The interceptors ask the same again before the verb; here it is
 * asked before a body is read, so that strangers cannot make us work.
 */
export const authorise = (entry: MethodEntry, actor: Actor): void => {
  if (entry.access === 'PUBLIC') return
  if (actor.kind === 'anonymous') throw fault('UNAUTHENTICATED')
  const allowed =
    entry.access === 'SIGNED_IN'
      ? actor.kind === 'user'
      : entry.permission !== undefined && holds(actor, entry.permission)
  if (!allowed) throw fault('FORBIDDEN')
}

/**
 * Verbs that need re-authentication ask identity at once, so a session that ended a moment ago is refused here even
 * before this process has heard of it. API keys have nobody who could re-authenticate.
 */
export const requireStepUp = async (entry: MethodEntry, actor: Actor, auth: Auth): Promise<void> => {
  if (!entry.stepUp) return
  if (actor.kind !== 'user') throw fault('STEP_UP_REQUIRED')
  const { live, steppedUpUntil } = await auth.checkSession(actor.sessionId)
  if (!live) throw fault('UNAUTHENTICATED')
  if (!steppedUpUntil || steppedUpUntil.getTime() <= Date.now()) throw fault('STEP_UP_REQUIRED')
}
