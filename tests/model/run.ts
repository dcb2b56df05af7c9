import { createPlay, nextDue, type Play, possible } from './activities.ts'
import { chanceOf } from './clock.ts'
import { furnish, vocabulary, weights } from './commands.ts'
import { Broken, createChecker } from './invariants.ts'
import { type Ports, sound } from './ports.ts'
import { checkQuiet } from './quiescence.ts'
import { createWorld, services } from './world.ts'

/** One line says a command and three numbers: `pay 3 0 7`. */
export type Script = readonly string[]

/** What broke, and at which line; a line beyond the last means after everything had been healed. */
export type Failure = { id: string; says: string; line: number }

const length = 100
const words = Object.entries(weights).flatMap(([word, weight]) => Array<string>(weight).fill(word))

/** The script of a run: it follows from the seed and the run's number alone. */
export const scriptOf = (seed: number, run: number): Script => {
  const chance = chanceOf(seed, run)
  return Array.from({ length }, () => `${words[chance(words.length)]} ${chance(1024)} ${chance(1024)} ${chance(1024)}`)
}

/** More steps than any order needs to come to its end. */
const mostSteps = 6000

/** Everything runs again, the channel does what it is asked, undecided refunds are decided. */
const heal = ({ world }: Play): void => {
  for (const service of services) world.up[service] = true
  const { db, charges, refunds } = world.psp
  db.tx(() => {
    for (const charge of charges.all()) charges.put(charge.paymentId, { ...charge, refundOutcome: 'SUCCESS' })
    for (const { refundId, status } of refunds.all())
      if (status === 'PENDING') db.schedule({ kind: 'psp.refund', aggregateId: refundId, dueAt: world.clock.now() })
  })
}

/** Lets everything happen that can, and time pass until nothing is left to wait for. */
const drain = (play: Play, check: () => void): void => {
  for (let steps = 0; steps < mostSteps; steps++) {
    const list = possible(play)
    if (list.length > 0) {
      list[play.turn++ % list.length]!.run()
      check()
      continue
    }
    const next = nextDue(play.world)
    if (next === undefined) return
    play.world.clock.advance(next - play.world.clock.now())
  }
  throw new Broken(
    'I22',
    `after ${mostSteps} steps still: ${[...new Set(possible(play).map(({ name }) => name))].join(', ')}`,
  )
}

/** Plays a script in a world of its own. Undefined: every invariant held after every step, and in the end. */
export const playScript = (script: Script, ports: Ports = sound): Failure | undefined => {
  const world = createWorld(ports)
  const check = createChecker(world)
  const play = createPlay(world)
  const commands = vocabulary(check)
  let line = 0
  try {
    furnish(world)
    check()
    for (const text of script) {
      const [word = '', a, b, c] = text.split(' ')
      commands[word]!(play, Number(a), Number(b), Number(c))
      check()
      line++
    }
    heal(play)
    drain(play, check)
    checkQuiet(world)
    return undefined
  } catch (error) {
    if (!(error instanceof Broken)) throw new Error(`line ${line} of ${JSON.stringify(script)}`, { cause: error })
    return { id: error.id, says: error.message, line }
  }
}

/** The shortest script found by leaving lines out that still breaks the same invariant. */
export const shrink = (script: Script, id: string, ports: Ports = sound): Script => {
  const breaks = (candidate: Script) => playScript(candidate, ports)?.id === id
  let shortest = script
  for (let size = Math.ceil(script.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0)
    for (let at = 0; at < shortest.length; ) {
      const candidate = shortest.toSpliced(at, size)
      if (breaks(candidate)) shortest = candidate
      else at += size
    }
  return shortest
}
