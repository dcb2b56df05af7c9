/** Who acts. Identity always comes from a verified token or key, never from a body. */
export type Actor =
  | { kind: 'anonymous' }
  | { kind: 'user'; id: string; roles: readonly string[]; sessionId: string }
  | { kind: 'apiKey'; id: string; scopes: readonly string[] }
  | { kind: 'system'; id: string }

export type Locale = 'en' | 'zh-CN'

/** What travels beside every request, in process and over gRPC. */
export type Call = {
  actor: Actor
  /** The context that calls on behalf of the actor; set by its typed clients, proven by a service token over gRPC. */
  caller?: string
  /** Milliseconds since the epoch; no work starts after it. */
  deadline: number
  /** W3C trace context. */
  traceparent: string
  /** `order.OrderService/PlaceOrder`; set by the interceptors. */
  method?: string
  idempotencyKey?: string
  /** SHA-256 of method, path parameters and body: what an idempotency key stands for. */
  requestHash?: string
  locale: Locale
  /** Network address of the buyer, for limits and session lists. */
  address: string
  /** The session re-authenticated in the last five minutes (asked from identity at the edge for step-up verbs). */
  steppedUp?: boolean
}

/** The signed-in user's id; interceptors have already refused everybody else on SIGNED_IN methods. */
export const userId = (call: Call): string => (call.actor.kind === 'user' ? call.actor.id : '')

/** Who to write into timelines and audit rows: `user:<id>`, `apikey:<id>`, `system:<context>`. */
export const actorName = (actor: Actor): string =>
  actor.kind === 'anonymous' ? 'anonymous' : `${actor.kind.toLowerCase()}:${actor.id}`

/** A call made by a context itself, outside any request: timers, consumers, jobs. */
export const systemCall = (context: string, options: { deadlineMs?: number; traceparent?: string } = {}): Call => ({
  actor: { kind: 'system', id: context },
  caller: context,
  deadline: Date.now() + (options.deadlineMs ?? 10_000),
  traceparent: options.traceparent ?? newTraceparent(),
  locale: 'en',
  address: '',
})

const hex = (bytes: number) => {
  let text = ''
  for (let i = 0; i < bytes * 2; i++) text += ((Math.random() * 16) | 0).toString(16)
  return text
}

/** A new sampled trace (W3C); trace ids need to be unique, not secret. */
export const newTraceparent = (): string => `00-${hex(16)}-${hex(8)}-01`

/** The 32 hex digits of a traceparent. */
export const traceId = (traceparent: string): string => traceparent.slice(3, 35)

/** The same trace with a new span. */
export const childTraceparent = (traceparent: string): string => `00-${traceId(traceparent)}-${hex(8)}-01`
