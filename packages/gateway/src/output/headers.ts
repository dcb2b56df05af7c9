import type { IncomingMessage, ServerResponse } from 'node:http'

export type Pairs = readonly (readonly [string, string])[]

/** On everything that leaves. Policies for pages belong to whoever serves them. */
export const commonHeaders = (publicUrl: string): Pairs => [
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'strict-origin-when-cross-origin'],
  ['X-Frame-Options', 'DENY'],
  ...(publicUrl.startsWith('https:') ? secureOnly : []),
]

/** Browsers complain about these over plain HTTP. */
const secureOnly: Pairs = [
  ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
]

/** For data: nothing in it may run, wherever it is shown. */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'"

/** For pages that come from a verb and say nothing themselves. */
export const pagePolicy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const exposed =
  'ETag, Retry-After, X-Request-Id, X-Cart-Token, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, traceparent'
const accepted =
  'Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Cart-Token, X-Request-Id, X-Souk-Session, traceparent'

/** Answers to pages of other origins: the listed ones may read them, without cookies; nobody else. */
export type Cors = {
  allow(request: IncomingMessage, response: ServerResponse): void
  /** Headers of an answer to a preflight, for the verbs that the address takes. */
  preflight(request: IncomingMessage, verbs: readonly string[]): Pairs
  readonly origins: ReadonlySet<string>
}

export const createCors = (list: readonly string[]): Cors => {
  const origins = new Set(list.filter((origin) => URL.canParse(origin)).map((origin) => new URL(origin).origin))
  const isListed = ({ headers }: IncomingMessage): boolean =>
    headers.origin !== undefined && origins.has(headers.origin)
  return {
    origins,
    allow: (request, response) => {
      if (origins.size > 0) response.setHeader('Vary', 'Origin')
      if (!isListed(request)) return
      response.setHeader('Access-Control-Allow-Origin', request.headers.origin!)
      response.setHeader('Access-Control-Expose-Headers', exposed)
    },
    preflight: (request, verbs) =>
      isListed(request)
        ? [
            ['Access-Control-Allow-Methods', verbs.join(', ')],
            ['Access-Control-Allow-Headers', accepted],
            ['Access-Control-Max-Age', '600'],
          ]
        : [],
  }
}
