import { createClient } from '@souk/client'
import type { TokenAnswer } from '@souk/contract/identity'
import { currentLocale } from './i18n.ts'
import { cartToken, keepCartToken } from './session/cart-token.ts'
import { noticeAnswer, noticeSilence } from './session/connection.ts'
import { askToSignIn, distrustToken, freshToken, renewSession, sessionState } from './session/session.ts'

export { Problem } from '@souk/client'

/** Every answer tells about connection and clock, and so does every silence. */
const watchedFetch: typeof fetch = async (input, init) => {
  try {
    const answer = await fetch(input, init)
    noticeAnswer(answer)
    return answer
  } catch (error) {
    if (!init?.signal?.aborted) noticeSilence()
    throw error
  }
}

const common = { baseUrl: '', fetch: watchedFetch, locale: currentLocale, session: 'cookie' } as const

/** For answers that are the same for everybody: nothing here waits for the session. */
export const shop = createClient(common)

const renew = async (): Promise<TokenAnswer | undefined> => {
  try {
    return await shop.call('identity.AuthService/Refresh')
  } catch (error) {
    const { status } = error as { status?: number }
    if (status === 401 || status === 403) return undefined
    throw error
  }
}

/** Makes sure there is a token if there can be one; false: a guest. */
export const ensureSession = async (): Promise<boolean> =>
  freshToken() !== undefined || (sessionState().status !== 'guest' && (await renewSession(renew)))

/** One renewal for all who wait, else the sign-in sheet over the page; false: a guest. */
const identify = async (): Promise<boolean> =>
  (await ensureSession()) || (sessionState().status === 'signed-in' && (await askToSignIn()))

/** A token was refused: with a new one the same requests go out again. */
const regain = (): Promise<boolean> => {
  const refused = freshToken()
  if (refused) distrustToken(refused)
  return identify()
}

/** For everything that belongs to somebody. */
export const api = createClient({
  ...common,
  getAccessToken: async () => ((await identify()) ? freshToken() : undefined),
  refresh: regain,
  cartToken: { read: cartToken, write: keepCartToken },
})
