import { useCallback, useRef, useState } from 'react'
import { createIntents, isUnsure, sendIntent } from './intent.ts'

const newKey = (): string => {
  // `randomUUID` needs a secure context; a shop on a plain LAN address has none.
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0'))
  return hex
    .join('')
    .replace(/^(.{8})(.{3}).(.{3}).(.{3})(.{12})$/, '$1-$2x-4$3-8$4-$5')
    .replace('x', hex[0]?.[0] ?? '0')
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export type IntentState<A> = {
  /** Ignores the call while one is under way. Resolves to undefined when ignored or refused; `error` then says why. */
  send: (body: unknown, post: (key: string) => Promise<A>) => Promise<A | undefined>
  pending: boolean
  error: unknown
  /** Nobody knows what became of it; pressing again repeats the same intent. */
  unsure: boolean
  clear: () => void
}

/** One intent of the buyer, such as placing this preparation: one key however often it is pressed, retried or reloaded. */
export const useIntent = <A>(scope: string): IntentState<A> => {
  const busy = useRef(false)
  const [pending, setPending] = useState(false)
  const [error, setError] = useState<unknown>()
  const send = useCallback(
    async (body: unknown, post: (key: string) => Promise<A>): Promise<A | undefined> => {
      if (busy.current) return undefined
      busy.current = true
      setPending(true)
      setError(undefined)
      const intents = createIntents(sessionStorage, newKey)
      try {
        return await sendIntent({ intents, scope, body, send: post, sleep: pause, random: Math.random })
      } catch (refused) {
        setError(refused)
        return undefined
      } finally {
        busy.current = false
        setPending(false)
      }
    },
    [scope],
  )
  const clear = useCallback(() => setError(undefined), [])
  return { send, pending, error, unsure: error !== undefined && isUnsure(error), clear }
}
