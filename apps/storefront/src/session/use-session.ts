import { useSyncExternalStore } from 'react'
import { isAsking, type SessionState, sessionState, subscribeSession } from './session.ts'

export const useSession = (): SessionState => useSyncExternalStore(subscribeSession, sessionState)

/** Whether a request waits for somebody to sign in. */
export const useAsking = (): boolean => useSyncExternalStore(subscribeSession, isAsking)
