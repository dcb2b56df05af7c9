import type { IncomingHttpHeaders } from 'node:http'
import { fault } from '@souk/kernel'

/** The `__Host-` prefix pins it to this host over a secure connection; scripts never see it. */
const name = '__Host-souk-refresh'
const attributes = 'Path=/; HttpOnly; Secure; SameSite=Lax'
/** A browser's upper bound; the session itself decides when it ends. */
const maxAgeSeconds = 30 * 24 * 3600

export const refreshCookie = (token: string): string => `${name}=${encodeURIComponent(token)}; ${attributes}; Max-Age=${maxAgeSeconds}`

export const clearedCookie = `${name}=; ${attributes}; Max-Age=0`

export const readRefreshCookie = (headers: IncomingHttpHeaders): string | undefined => {
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

export const wantsCookie = (headers: IncomingHttpHeaders): boolean => headers['x-souk-session'] === 'cookie'

/**
 * A cookie is only believed from our own pages: the browser itself must say so, by `Sec-Fetch-Site` or by an `Origin`
 * that is our public one or the host it talks to.
 */
export const requireSameOrigin = (headers: IncomingHttpHeaders, publicOrigin: string): void => {
  const site = headers['sec-fetch-site']
  const { origin, host } = headers
  const ours = origin === publicOrigin || (origin !== undefined && host !== undefined && hostOf(origin) === host)
  if (site === undefined ? !ours : site !== 'same-origin') throw fault('FORBIDDEN')
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined)
