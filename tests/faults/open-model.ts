import { pause } from './random.ts'

/** One request: what it was, what became of it, how long that took. Undefined: no answer came. */
export type Shot<A> = { says: string; answer: A | undefined; ms: number }
export type Aim<A> = (n: number) => { says: string; answer: Promise<A | undefined> }

const shoot = async <A>(n: number, aim: Aim<A>): Promise<Shot<A>> => {
  const from = performance.now()
  const { says, answer } = aim(n)
  const came = await answer.catch(() => undefined)
  return { says, answer: came, ms: performance.now() - from }
}

/** Requests that come when they come, however the ones before them fare. Resolves with the last answer. */
export const openModel = async <A>(
  { perSecond, seconds }: { perSecond: number; seconds: number },
  aim: Aim<A>,
): Promise<Shot<A>[]> => {
  const began = performance.now()
  const total = Math.ceil(perSecond * seconds)
  if (total === 0) return []
  const shots: Shot<A>[] = []
  const all = Promise.withResolvers<void>()
  // No list of promises: the generator shares the machine, and its collector looks through all that it keeps.
  const end = (shot: Shot<A>) => {
    if (shots.push(shot) === total) all.resolve()
  }
  for (let n = 0; n < total; ) {
    const due = Math.min(((performance.now() - began) / 1000) * perSecond, total)
    while (n < due) shoot(n++, aim).then(end, all.reject)
    await pause(2)
  }
  await all.promise
  return shots
}

/** Each of `clients` asks again as soon as it is answered. */
export const closedModel = async <A>(
  { clients, seconds }: { clients: number; seconds: number },
  aim: Aim<A>,
): Promise<Shot<A>[]> => {
  const end = performance.now() + seconds * 1000
  const shots: Shot<A>[] = []
  let n = 0
  const client = async () => {
    while (performance.now() < end) shots.push(await shoot(n++, aim))
  }
  await Promise.all(Array.from({ length: clients }, client))
  return shots
}

/** `how often` per kind of answer, for people and for assertions. */
export const tally = (shots: readonly Shot<{ status: number; body?: unknown }>[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { says, answer } of shots) {
    const code = /"code":"(\w+)"/.exec(JSON.stringify(answer?.body ?? '').replaceAll('\\', ''))?.[1] ?? ''
    const word = `${says}: ${answer ? (answer.status < 400 ? answer.status : `${answer.status} ${code}`) : 'no answer'}`
    counts[word] = (counts[word] ?? 0) + 1
  }
  return counts
}

/** The value below which that share of the shots stayed, in milliseconds. */
export const quantile = (shots: readonly Shot<unknown>[], share: number): number => {
  const sorted = shots.map(({ ms }) => ms).sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
