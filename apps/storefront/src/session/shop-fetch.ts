import type { TokenAnswer } from '@souk/contract/identity'
import { cartToken, keepCartToken } from './cart-token.ts'
import { noticeAnswer, noticeSilence } from './connection.ts'
import { askToSignIn, distrustToken, freshToken, renewSession, sessionState } from './session.ts'

/** Answers that are the same for everybody: asked without identity, so that nothing waits for the session. */
const forEverybody = /^\/(media\/|v1\/(products|categories|payments\/methods)(\/|$))/
const forSigningIn = /^\/v1\/auth\/(login|register|refresh|logout)$/
const ofTheCart = /^\/v1\/cart(\/|$)/

const ask = async (request: Request): Promise<Response> => {
  try {
    const answer = await fetch(request)
    noticeAnswer(answer)
    return answer
  } catch (error) {
    if (!request.signal.aborted) noticeSilence()
    throw error
  }
}

const askForToken = async (): Promise<TokenAnswer | undefined> => {
  const headers = { 'content-type': 'application/json', 'x-souk-session': 'cookie' }
  const answer = await ask(new Request('/v1/auth/refresh', { method: 'POST', headers, body: '{}' }))
  if (answer.ok) return (await answer.json()) as TokenAnswer
  if (answer.status < 500 && answer.status !== 429) return undefined
  throw new TypeError('the session could not be renewed now')
}

/** Makes sure there is a token if there can be one; false: a guest. */
export const ensureSession = async (): Promise<boolean> =>
  freshToken() !== undefined || (sessionState().status !== 'guest' && (await renewSession(askForToken)))

const withIdentity = (request: Request, path: string): Request => {
  const sent = request.clone()
  const token = freshToken()
  const cart = cartToken()
  if (token) sent.headers.set('authorization', `Bearer ${token}`)
  if (cart && ofTheCart.test(path)) sent.headers.set('x-cart-token', cart)
  return sent
}

/** One refresh for all, then the sign-in sheet; the same request, with the same key, is sent again afterwards. */
const regain = async (request: Request, path: string, refused: Response): Promise<Response> => {
  const used = freshToken()
  if (used) distrustToken(used)
  const regained = (await ensureSession()) || ofTheCart.test(path) || (await askToSignIn())
  return regained ? ask(withIdentity(request, path)) : refused
}

/** The shop's only `fetch`: adds who is asking and keeps the session alive. */
export const shopFetch: typeof fetch = async (input, init) => {
  const request = new Request(input, init)
  const path = new URL(request.url).pathname
  if (forEverybody.test(path)) return ask(request)
  if (forSigningIn.test(path)) {
    const sent = withIdentity(request, path)
    sent.headers.set('x-souk-session', 'cookie')
    return ask(sent)
  }
  await ensureSession()
  const first = await ask(withIdentity(request, path))
  const answer = first.status === 401 ? await regain(request, path, first) : first
  const issued = answer.headers.get('x-cart-token')
  if (issued && ofTheCart.test(path)) keepCartToken(issued)
  return answer
}
