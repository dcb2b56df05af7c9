/** Time that moves only when it is told to, in milliseconds since the epoch. Every database and service reads this one. */
export type VirtualClock = { now(): number; date(): Date; advance(ms: number): void }

const start = Date.UTC(2026, 0, 1)

export const virtualClock = (): VirtualClock => {
  let at = start
  return {
    now: () => at,
    date: () => new Date(at),
    advance: (ms) => {
      at += ms
    },
  }
}

/** A whole number from 0 to `below − 1`. */
export type Chance = (below: number) => number

const stir = (text: string): number => {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** Numbers that follow from a seed and the number of a run alone (mulberry32). */
export const chanceOf = (seed: number, run: number): Chance => {
  let state = stir(`${seed}/${run}`)
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
