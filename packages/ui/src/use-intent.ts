import { useCallback, useRef, useState } from 'react'
import { createIntents, isUnsure, sendIntent, uuidOf } from './intent.ts'

/** Not `randomUUID`, which a shop on a plain address of a local network does not have. */
const newKey = (): string => uuidOf(crypto.getRandomValues(new Uint8Array(16)))

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export type IntentState<A> = {
  /** Ignores the call while one is under way. Resolves to undefined when ignored or refused; `error` then says why. */
  send: (body: unknown, post: (key: string) => Promise<A>) => Promise<A | undefined>
  pending: boolean
  error: unknown
  /** Nobody knows what became of it; pressing again repeats the same intent. */
  unsure: boolean
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
  return { send, pending, error, unsure: error !== undefined && isUnsure(error) }
}
