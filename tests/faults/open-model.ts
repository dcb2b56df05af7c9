import type { Answer } from '../api.ts'
import { pause } from './random.ts'

/** Undefined answer: none came. */
export type Shot = { says: string; answer: Answer | undefined; ms: number }

/**
 * Requests that come when they come, however the ones before them fare: `perSecond` of them for `seconds`, each made by
 * `send`. Resolves with the last answer.
 */
export const openModel = async (
  { perSecond, seconds }: { perSecond: number; seconds: number },
  send: (n: number) => { says: string; answer: Promise<Answer | undefined> },
): Promise<Shot[]> => {
  const began = performance.now()
  const shots: Promise<Shot>[] = []
  const shoot = async (n: number): Promise<Shot> => {
    const from = performance.now()
    const { says, answer } = send(n)
    const came = await answer.catch(() => undefined)
    return { says, answer: came, ms: performance.now() - from }
  }
  for (let n = 0; n < perSecond * seconds; ) {
    const due = Math.min(((performance.now() - began) / 1000) * perSecond, perSecond * seconds)
    while (n < due) shots.push(shoot(n++))
    await pause(5)
  }
  return Promise.all(shots)
}

/** `how often` per kind of answer, for people and for assertions. */
export const tally = (shots: readonly Shot[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { says, answer } of shots) {
    const word = `${says}: ${answer ? (answer.status < 400 ? answer.status : `${answer.status} ${answer.body?.code}`) : 'no answer'}`
    counts[word] = (counts[word] ?? 0) + 1
  }
  return counts
}
