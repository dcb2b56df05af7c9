import type { IncomingHttpHeaders } from 'node:http'
import type { MethodEntry } from '@souk/contract/methods'
import { fault } from '@souk/kernel'

type Message = Record<string, unknown>

/** The `__Host-` prefix pins it to this host over a secure connection; scripts never see it. */
const name = '__Host-souk-refresh'
const attributes = 'Path=/; HttpOnly; Secure; SameSite=Lax'
/** A browser's upper bound; the session itself decides when it ends. */
const maxAgeSeconds = 30 * 24 * 3600

const refreshCookie = (token: string): string =>
  `${name}=${encodeURIComponent(token)}; ${attributes}; Max-Age=${maxAgeSeconds}`

const clearedCookie = `${name}=; ${attributes}; Max-Age=0`

const readRefreshCookie = (headers: IncomingHttpHeaders): string | undefined => {
  const pair = headers.cookie
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`))
  if (!pair) return undefined
  try {
    return decodeURIComponent(pair.slice(name.length + 1)) || undefined
  } catch {
    return undefined
  }
}

const wantsCookie = (headers: IncomingHttpHeaders): boolean => headers['x-souk-session'] === 'cookie'

/**
 * A cookie is only believed from our own pages: the browser itself must say so, by `Sec-Fetch-Site` or by an `Origin`
 * that is our public one or the host it talks to.
 */
const requireSameOrigin = (headers: IncomingHttpHeaders, publicOrigin: string): void => {
  const site = headers['sec-fetch-site']
  const { origin, host } = headers
  const ours = origin === publicOrigin || (origin !== undefined && host !== undefined && hostOf(origin) === host)
  if (site === undefined ? !ours : site !== 'same-origin') throw fault('FORBIDDEN')
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined)

/** The refresh token of a request that has none in its body: the cookie's. */
export const tokenFromCookie = (
  entry: MethodEntry,
  message: Message,
  headers: IncomingHttpHeaders,
  publicOrigin: string,
): Message => {
  if (entry.session !== 'RENEWS' || message.refreshToken) return {}
  const token = readRefreshCookie(headers)
  if (token === undefined) return {}
  requireSameOrigin(headers, publicOrigin)
  return { refreshToken: token }
}

/** Moves an answer's refresh token into a cookie for browsers that asked for it, or takes the cookie away. */
export const withCookie = (
  entry: MethodEntry,
  answer: unknown,
  headers: IncomingHttpHeaders,
  fromCookie: boolean,
): { answer: unknown; cookie?: string } => {
  if (entry.session === undefined) return { answer }
  if (entry.session === 'ENDS') {
    const has = wantsCookie(headers) || readRefreshCookie(headers) !== undefined
    return { answer, cookie: has ? clearedCookie : undefined }
  }
  const token = (answer as Message).refreshToken
  if (!(wantsCookie(headers) || fromCookie) || typeof token !== 'string' || token === '') return { answer }
  return { answer: { ...(answer as Message), refreshToken: '' }, cookie: refreshCookie(token) }
}
