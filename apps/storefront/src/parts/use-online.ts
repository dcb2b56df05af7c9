import { useSyncExternalStore } from 'react'
import { isOnline, subscribeConnection } from '../session/connection.ts'

export const useOnline = (): boolean => useSyncExternalStore(subscribeConnection, isOnline)
