import type { TokenAnswer, User } from '@souk/contract/identity'

export type SessionState =
  | { status: 'restoring' | 'guest'; user: undefined }
  | { status: 'signed-in'; user: User | undefined }

/** Says that a refresh cookie probably exists, so that guests never ask in vain. The cookie itself is out of reach. */
const hint = 'souk.signed-in'

const hinted = (): boolean => localStorage.getItem(hint) !== null

let state: SessionState = { status: hinted() ? 'restoring' : 'guest', user: undefined }
let token: { value: string; staleAt: number } | undefined
const listeners = new Set<() => void>()

const become = (next: SessionState): void => {
  state = next
  for (const listener of listeners) listener()
}

export const sessionState = (): SessionState => state

export const subscribeSession = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The access token, in memory only; undefined when there is none or it is about to end. */
export const freshToken = (): string | undefined =>
  token && performance.now() < token.staleAt ? token.value : undefined

/** Seconds before its end at which a token counts as ended. */
const margin = 20

/** Requests go out with the new token; the pages still show what they showed. */
export const holdToken = ({ accessToken, expiresIn }: TokenAnswer): void => {
  token = { value: accessToken, staleAt: performance.now() + Math.max(5, expiresIn - margin) * 1000 }
  localStorage.setItem(hint, '1')
}

/** The pages show what belongs to this person. */
export const enterSession = ({ user }: TokenAnswer): void => become({ status: 'signed-in', user })

export const endSession = (): void => {
  token = undefined
  localStorage.removeItem(hint)
  become({ status: 'guest', user: undefined })
}

/** The server refused a token that looked good. */
export const distrustToken = (value: string): void => {
  if (token?.value === value) token = undefined
}

type Renew = () => Promise<TokenAnswer | undefined>

/** One tab at a time: a rotated cookie used twice would look like theft. */
const alone = <T>(work: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? navigator.locks.request('souk-session', work) : work()

let renewing: Promise<boolean> | undefined

/**
 * Gets a new access token for everybody who waits for one. False: there is no session any more. A cut connection is
 * thrown and changes nothing.
 */
export const renewSession = (renew: Renew): Promise<boolean> => {
  renewing ??= alone(async () => {
    if (freshToken()) return true
    if (!hinted()) return false
    const answer = await renew()
    if (answer) {
      holdToken(answer)
      enterSession(answer)
      return true
    }
    localStorage.removeItem(hint)
    // Somebody in the middle of something is asked to sign in before his page becomes a guest's.
    if (state.status === 'restoring') endSession()
    return false
  }).finally(() => {
    renewing = undefined
  })
  return renewing
}

let asking: { promise: Promise<boolean>; resolve: (signedIn: boolean) => void } | undefined

/** Opens the sign-in sheet over the page; true once somebody has signed in. */
export const askToSignIn = (): Promise<boolean> => {
  if (!asking) {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    asking = { promise, resolve }
    for (const listener of listeners) listener()
  }
  return asking.promise
}

export const isAsking = (): boolean => asking !== undefined

/** Somebody signed in, or would rather not: then the page becomes a guest's. */
export const answerAsking = (signedIn: boolean): void => {
  if (!signedIn) endSession()
  asking?.resolve(signedIn)
  asking = undefined
  for (const listener of listeners) listener()
}

/** Signing out in one tab signs out in all. */
window.addEventListener('storage', ({ key, newValue }) => {
  if (key !== hint) return
  if (newValue === null && state.status === 'signed-in') {
    token = undefined
    become({ status: 'guest', user: undefined })
  } else if (newValue !== null && state.status === 'guest') become({ status: 'restoring', user: undefined })
})
