import { errors } from '@souk/contract/errors'
import { Fault, fault, faultOf } from '@souk/kernel'
import type { Db, Table } from './db.ts'
import type { Steps } from './steps.ts'
import type { KeyRow } from './tables.ts'
import type { Request, World } from './world.ts'

type Keyed = { db: Db; keys: Table<KeyRow> }

const lockMs = 30_000

const rowId = ({ principal, route, key }: Request): string => `${principal} ${route} ${key}`

/** Business refusals are answers and are given again. */
export const isAnswer = (error: unknown): Fault | undefined => {
  const found = faultOf(error)
  const status = found && errors[found.code as keyof typeof errors]?.status
  return found && (status === 409 || status === 422) && !['IN_PROGRESS', 'IDEMPOTENCY_KEY_REUSED'].includes(found.code)
    ? found
    : undefined
}

const refuse = ({ db, keys }: Keyed, id: string, row: KeyRow, { code, params }: Fault): void =>
  db.tx(() => {
    const now = keys.get(id)
    if (!now || now.state === 'running') keys.put(id, { ...row, state: 'refused', reply: { code, params } })
  })

/** What is known of a key: its answer, or the id to go on with. */
const known = (world: World, { db, keys }: Keyed, id: string): { reply: unknown } | { resume: KeyRow } => {
  const row = keys.get(id)!
  if (row.state === 'done') return { reply: row.reply }
  if (row.state === 'refused') {
    const { code, params } = row.reply as { code: string; params: Record<string, unknown> }
    throw new Fault(code, params)
  }
  if (row.lockedUntil > world.clock.now()) throw fault('IN_PROGRESS')
  const resume = { ...row, lockedUntil: world.clock.now() + lockMs }
  db.tx(() => keys.put(id, resume))
  return { resume }
}

/** `keys.once` of the platform: key, effect and reply in one transaction. */
export function* once<R>(world: World, tables: Keyed, request: Request, work: () => R): Steps<R> {
  const { db, keys } = tables
  const id = rowId(request)
  yield 'step'
  if (keys.get(id)) {
    const old = known(world, tables, id)
    if ('reply' in old) return old.reply as R
  }
  const row: KeyRow = {
    resourceId: world.newId(),
    state: 'done',
    reply: undefined,
    lockedUntil: 0,
  }
  try {
    return db.tx(() => {
      const reply = work()
      keys.put(id, { ...row, reply })
      return reply
    })
  } catch (error) {
    // The real one keeps a refusal in a transaction of its own, so that a twin in another process may run meanwhile.
    const found = isAnswer(error)
    if (found) refuse(tables, id, row, found)
    throw error
  }
}

/** `keys.first`: the key and the id of what it will make are committed before anything else. */
export function* first<R>(
  world: World,
  tables: Keyed,
  request: Request,
  work: (id: string, resumed: boolean) => Steps<R>,
): Steps<R> {
  const { db, keys } = tables
  const id = rowId(request)
  yield 'step'
  const resumed = keys.get(id) !== undefined
  let row: KeyRow = {
    resourceId: world.newId(),
    state: 'running',
    reply: undefined,
    lockedUntil: world.clock.now() + lockMs,
  }
  if (resumed) {
    const old = known(world, tables, id)
    if ('reply' in old) return old.reply as R
    row = old.resume
  } else db.tx(() => keys.put(id, row))
  yield 'step'
  try {
    return yield* work(row.resourceId, resumed)
  } catch (error) {
    yield 'step'
    const found = isAnswer(error)
    if (found) refuse(tables, id, row, found)
    else
      db.tx(() => {
        const now = keys.get(id)
        if (now?.state === 'running') keys.put(id, { ...now, lockedUntil: 0 })
      })
    throw error
  }
}

/** `keys.finish`: the reply is kept in the transaction of the effect. */
export const finish = ({ keys }: Keyed, request: Request, reply: unknown): void => {
  const id = rowId(request)
  const row = keys.get(id)
  if (row) keys.put(id, { ...row, state: 'done', reply, lockedUntil: 0 })
}
