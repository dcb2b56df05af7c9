import { AsyncLocalStorage } from 'node:async_hooks'
import { newTraceparent } from '../call.ts'

const current = new AsyncLocalStorage<string>()

/** Runs work under a trace; rows and log lines written inside carry it. */
export const withTrace = <T>(traceparent: string, work: () => T): T => current.run(traceparent, work)

/** The traceparent of the present request or fact; a new one outside of any. */
export const currentTraceparent = (): string => current.getStore() ?? newTraceparent()
