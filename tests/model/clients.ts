import { isAnswer } from './keys.ts'
import { isMistake, type Steps } from './steps.ts'
import type { Request, World } from './world.ts'

/** The one that a number of a script stands for. */
export const pick = <T>(list: readonly T[], wish: number): T | undefined => list[wish % Math.max(list.length, 1)]

/** Mostly one of those that the command is meant for, now and then any. */
export const likely = <T>(list: readonly T[], meant: (item: T) => boolean, wish: number): T | undefined => {
  const some = wish % 8 === 0 ? [] : list.filter(meant)
  return pick(some.length > 0 ? some : list, wish >> 3)
}

/** The id of what was made, or the reply itself. */
const gistOf = (reply: unknown): string => {
  const { id, orderId } = (reply ?? {}) as { id?: string; orderId?: string }
  return id ?? orderId ?? `${reply}`
}

/** One request, from its arrival to its answer. */
function* serve(world: World, request: Request): Steps<void> {
  let answer: string
  try {
    answer = gistOf(yield* request.run(world, request))
  } catch (error) {
    if (isMistake(error)) throw error
    const refusal = isAnswer(error)
    if (!refusal) return
    answer = `refused with ${refusal.code}`
  }
  try {
    yield 'reply'
  } catch {
    return
  }
  request.answers.push(answer)
}

const submit = (world: World, request: Request): void => {
  if (world.up[request.service]) world.spawn(request.service, request.route, serve(world, request))
}

type Asked = Pick<Request, 'service' | 'route' | 'principal' | 'run'> & { keyed?: boolean }

/** Asks for something new, with a key of its own. */
export const request = (world: World, asked: Asked): void => {
  const key = `k${world.requests.length}`
  const made: Request = { keyed: true, ...asked, key, answers: [], made: new Set() }
  world.requests.push(made)
  submit(world, made)
}

/** The same key and body once more, mostly of something that was never answered. */
export const retry = (world: World, wish: number): void => {
  const asked = likely(world.requests, ({ keyed, answers }) => keyed && answers.length === 0, wish)
  if (asked) submit(world, asked)
}
