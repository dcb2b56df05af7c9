import { createPlay, nextDue, type Play, possible } from './activities.ts'
import { chanceOf } from './clock.ts'
import { furnish, vocabulary, weights } from './commands.ts'
import { Broken, createChecker } from './invariants.ts'
import { type Ports, sound } from './ports.ts'
import { pspTimers } from './psp.ts'
import { checkQuiet } from './quiescence.ts'
import { createWorld, services, type World } from './world.ts'

/** One line says a command and three numbers: `pay 3 0 7`. */
export type Script = readonly string[]

/** What broke, and at which line; a line beyond the last means after everything had been healed. */
export type Failure = { id: string; says: string; line: number }

const length = 120
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
  world.mute = false
  const { db, charges, refunds } = world.psp
  db.tx(() => {
    for (const charge of charges.all()) charges.put(charge.paymentId, { ...charge, refundOutcome: 'SUCCESS' })
    for (const { refundId, status } of refunds.all())
      if (status === 'PENDING') db.schedule({ kind: pspTimers.refund, aggregateId: refundId, dueAt: world.clock.now() })
  })
}

/** Lets everything happen that can, and time pass until nothing is left to wait for. */
const drain = (play: Play, check: () => void): void => {
  for (let steps = 0; steps < mostSteps; steps++) {
    const list = possible(play, play.turn)
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

/** What became of a run; the world as it was left. */
export type Played = { failure: Failure | undefined; world: World }

/** Plays a script in a world of its own. No failure: every invariant held after every step, and in the end. */
export const playScript = (script: Script, ports: Ports = sound): Played => {
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
    return { failure: undefined, world }
  } catch (error) {
    if (!(error instanceof Broken)) throw new Error(`line ${line} of ${JSON.stringify(script)}`, { cause: error })
    return { failure: { id: error.id, says: error.message, line }, world }
  }
}

/** The shortest script found by leaving lines out that still breaks the same invariant. */
export const shrink = (script: Script, id: string, ports: Ports = sound): Script => {
  const breaks = (candidate: Script) => playScript(candidate, ports).failure?.id === id
  let shortest = script
  for (let size = Math.ceil(script.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0)
    for (let at = 0; at < shortest.length; ) {
      const candidate = shortest.toSpliced(at, size)
      if (breaks(candidate)) shortest = candidate
      else at += size
    }
  return shortest
}

export type Found = Failure & { seed: number; run: number }

/** Plays runs until one fails; `look` sees each world that did not. */
export const search = (
  seed: number,
  runs: Iterable<number>,
  ports: Ports = sound,
  look: (world: World) => void = () => {},
): Found | undefined => {
  for (const run of runs) {
    const { failure, world } = playScript(scriptOf(seed, run), ports)
    if (failure) return { ...failure, seed, run }
    look(world)
  }
  return undefined
}

/** What somebody needs to see a failure again: one command, and the story cut down to its essence. */
export const story = ({ seed, run, id, says }: Found, ports: Ports = sound): string => {
  const shortest = shrink(scriptOf(seed, run), id, ports)
  const command = `SOUK_MODEL_SEED=${seed} SOUK_MODEL_RUN=${run} node --test tests/model/model.test.ts`
  const short = playScript(shortest, ports).failure?.says
  return [says, 'again with:', `  ${command}`, `shortest: ${short}`, ...shortest.map((line) => `  ${line}`)].join('\n')
}
