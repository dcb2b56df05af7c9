import type { MethodEntry } from '@souk/contract/methods'
import type { Call, Log, Metrics } from '@souk/platform'
import type { FastifyInstance } from 'fastify'

/** What a verified access token says. */
export type Claims = { userId: string; roles: readonly string[]; sessionId: string }

/** Who is who; the composition root answers from its key set, its list of revoked sessions and the identity context. */
export type Auth = {
  /** Undefined for anything but a live token of ours. */
  verifyAccessToken(token: string): Promise<Claims | undefined>
  /** From memory: logout is known here within two seconds. */
  isRevoked(sessionId: string): boolean
  /** Asked at once for verbs that need re-authentication. */
  checkSession(sessionId: string): Promise<{ live: boolean; steppedUpUntil?: Date }>
  resolveApiKey(secret: string): Promise<{ id: string; scopes: readonly string[] } | undefined>
}

/** A fact as edge caches hear it: at least once, in any order, perhaps never. */
export type HeardFact = { type: string; payload: unknown }

/** Milliseconds that a client may take; slower ones are cut off. */
export type Patience = { headersMs: number; bodyMs: number; requestMs: number; idleMs: number }

export type GatewayOptions = {
  /** Sends a complete request message through the interceptors to its verb. */
  invoke: (entry: MethodEntry, request: unknown, call: Call) => Promise<unknown>
  auth: Auth
  /** Subscribes to facts that every gateway process hears; returns the way to stop. */
  broadcast: (listener: (fact: HeardFact) => void) => () => void
  /** Where browsers find us: decides HSTS and what counts as same origin. */
  publicUrl: string
  corsOrigins: readonly string[]
  rateLimits: boolean
  /** Addresses and networks whose `X-Forwarded-For` is believed. Default: nobody's. */
  trustedProxies?: readonly string[]
  /** 0 picks a free port. */
  port: number
  bind: string
  log: Log
  metrics: Metrics
  /** Lets several gateway processes share the port, so that one can restart without a gap. */
  reusePort?: boolean
  /** Registers the web pages: any GET that the contract does not serve. */
  pages?: (instance: FastifyInstance) => void | Promise<void>
  /** Requests under way that are let in whatever the pace; 2.5 times as many in calm times, ten at most. Default 216. */
  leastInFlight?: number
  /** As many more are let in as the pace answers within this time, in milliseconds. Default 100. */
  answerWithinMs?: number
  /** Folder for uploads while they are being read; made when it is missing, kept free of what killed processes left. */
  tempDir: string
  /** Default 10 s for headers, 15 s for a body in memory, 300 s for a whole upload, 65 s idle. */
  patience?: Partial<Patience>
  /** How long an idle connection may still send a request while we drain. Default 500 ms. */
  drainGraceMs?: number
  /** Bytes of ready answers. Default 64 MB. */
  cacheBytes?: number
}

export type Gateway = {
  listen(): Promise<{ port: number }>
  /** Stops accepting, answers what was sent, closes what is idle; ends after 20 s at the latest. */
  drain(): Promise<void>
  /** Requests under way. */
  inFlight(): number
  /** Everything that is served from the contract, aliases included. */
  routes(): { verb: string; path: string }[]
}
