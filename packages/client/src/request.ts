import { routes } from './routes.gen.ts'
import type { CallOptions, ClientOptions, RouteName } from './types.ts'

export type Route = {
  readonly route: string
  readonly keyed?: true
  readonly session?: 'ISSUES' | 'RENEWS' | 'ENDS'
  readonly body?: 'RAW' | 'STREAM' | 'MULTIPART'
  readonly raw?: true
  /** Message field → header. */
  readonly sends?: Readonly<Record<string, string>>
  readonly gets?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
}

export const routeOf = (name: RouteName): Route => routes[name]

type Message = Readonly<Record<string, unknown>>
export type Prepared = { url: string; init: RequestInit & { headers: Record<string, string> } }

const hex = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** What goes over the wire for one call, without the access token, which may change between two tries. */
export const prepare = (route: Route, message: Message, options: CallOptions, client: ClientOptions): Prepared => {
  const [verb = '', path = ''] = route.route.split(' ')
  const rest = { ...message }
  const sends = Object.entries(route.sends ?? {})
  const filled = path.replace(/\{(\w+)\}/g, (_, field: string) => take(rest, field))
  const headers: Record<string, string> = { traceparent: `00-${hex(16)}-${hex(8)}-01` }
  const { locale } = client
  const language = typeof locale === 'function' ? locale() : locale
  if (language) headers['Accept-Language'] = language
  if (route.keyed || options.key) headers['Idempotency-Key'] = options.key ?? hex(16)
  if (route.session && client.session === 'cookie') headers['X-Souk-Session'] = 'cookie'
  for (const [field, header] of sends) {
    const value = rest[field] ?? (field === 'cartToken' ? client.cartToken?.read() : undefined)
    delete rest[field]
    if (typeof value === 'string' && value !== '') headers[header] = value
  }
  const asksOnly = verb === 'GET' || verb === 'DELETE'
  const body = asksOnly ? undefined : bodyOf(route, rest, options, headers)
  const url = `${client.baseUrl}${filled}${asksOnly ? query(rest) : ''}`
  return { url, init: { method: verb, body, headers: { ...headers, ...options.headers } } }
}

const take = (rest: Record<string, unknown>, field: string): string => {
  const value = rest[field]
  delete rest[field]
  if (value === undefined || value === null || value === '') throw new TypeError(`${field} is missing`)
  return encodeURIComponent(String(value))
}

const query = (rest: Message): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(rest)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') search.append(name, String(one))
    }
  }
  const text = search.toString()
  return text ? `?${text}` : ''
}

/** Fills in the content type, except for forms, whose boundary only `fetch` knows. */
const bodyOf = (
  route: Route,
  rest: Message,
  { body = '' }: CallOptions,
  headers: Record<string, string>,
): RequestInit['body'] => {
  if (route.body === undefined) {
    headers['Content-Type'] = 'application/json'
    return JSON.stringify(rest)
  }
  if (route.body !== 'MULTIPART') {
    headers['Content-Type'] = route.body === 'STREAM' ? 'text/csv' : 'application/json'
    return body
  }
  const form = new FormData()
  form.append('file', body instanceof Blob ? body : new Blob([body]))
  return form
}
