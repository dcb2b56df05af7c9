import { faultOf } from '@souk/kernel'
import { isPassing } from '../db/errors.ts'

const patienceMs = 30_000
const pauseMs = 250

/** The words in which another process tells of passing trouble. */
const passingCodes = new Set(['UNAVAILABLE', 'OVERLOADED', 'DEADLINE_EXCEEDED'])

/**
 * What a start cannot do without, tried again for half a minute while the trouble is a passing one: a process that starts
 * beside a busy or starting database is late, not dead. `work` may run several times.
 */
export const patiently = async <T>(work: () => Promise<T>, now = Date.now): Promise<T> => {
  for (const until = now() + patienceMs; ; ) {
    try {
      return await work()
    } catch (error) {
      const passing = isPassing(error) || passingCodes.has(faultOf(error)?.code ?? '')
      if (!passing || now() > until) throw error
      await new Promise((wake) => setTimeout(wake, pauseMs))
    }
  }
}
