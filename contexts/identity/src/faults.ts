import { type Fault, fault, invalid } from '@souk/kernel'

/** The e-mail or phone belongs to an account already. */
export const accountExists = (): Fault => fault('ACCOUNT_EXISTS')

/** Unknown account, wrong password and frozen account, in the same words. */
export const credentialsRefused = (): Fault => fault('CREDENTIALS_REFUSED')

/** `retryAfter` in whole seconds; the gateway makes the header of it. */
export const loginThrottled = (retryAfter: number): Fault => fault('LOGIN_THROTTLED', { retryAfter })

/** More passwords wait to be hashed than can be hashed in time. */
export const hashingBusy = (): Fault => fault('RATE_LIMITED', { retryAfter: 1 })

export const deadlinePassed = (): Fault => fault('DEADLINE_EXCEEDED')

/** The session ended, or the refresh token is not (any more) one of ours. */
export const signInAgain = (): Fault => fault('UNAUTHENTICATED')

/** Not there, or somebody else's: nobody can tell which. */
export const notFound = (): Fault => fault('NOT_FOUND')

export const illegalAccountMove = (status: string, move: string): Fault => fault('ILLEGAL_TRANSITION', { status, move })

/** The system would be left without anybody who can grant roles. */
export const lastAdministrator = (): Fault => fault('ILLEGAL_TRANSITION', { reason: 'last administrator' })

export const addressBookFull = (limit: number): Fault => fault('LIMIT_REACHED', { limit })

export const unusablePhone = (): Fault =>
  invalid({
    field: 'phone',
    rule: 'format',
    message: 'write the number with its country code, such as +44 20 7946 0958',
  })

export const unknownScope = (place: number, scope: string): Fault =>
  invalid({ field: `scopes[${place}]`, rule: 'oneOf', message: `"${scope}" is no permission` })

export const expiryInThePast = (): Fault =>
  invalid({ field: 'expiresAt', rule: 'min', message: 'must be in the future' })
