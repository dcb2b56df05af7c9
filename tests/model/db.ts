import type { FactPayloads } from '@souk/contract/facts'
import type { Service } from './steps.ts'

export type FactType = keyof FactPayloads

export type Saying = {
  [K in FactType]: { type: K; aggregateId: string; aggregateVersion: number; payload: FactPayloads[K] }
}[FactType]

export type Fact = Saying & { source: Service }

/** `tries`: what the payload of the real timer carries. */
export type Timer = {
  kind: string
  aggregateId: string
  dueAt: number
  tries: number
  attempts: number
  lockedUntil: number
}

/** Rows are never changed, only replaced. */
export type Table<Row> = {
  get(id: string): Row | undefined
  put(id: string, row: Row): void
  remove(id: string): void
  clear(): void
  /** Oldest first. */
  all(): Row[]
  /** Ids written since the last call. */
  changed(): string[]
}

/** One context's database. Writing is possible only inside `tx`, and all of a transaction happens or nothing. */
export type Db = {
  context: Service
  table<Row>(): Table<Row>
  tx<T>(work: () => T): T
  publish(...facts: Saying[]): void
  /** One timer per (kind, aggregate): a second schedule moves the first. */
  schedule(timer: { kind: string; aggregateId: string; dueAt: number; tries?: number }): void
  unschedule(kind: string, aggregateId: string): void
  timers: Table<Timer>
  /** Everything ever committed for others to hear. */
  outbox: Fact[]
  /** What each consumer has still to take, oldest first. */
  todo: Map<string, Fact[]>
  /** The newest version of each aggregate that this context has heard. */
  inbox: Table<number>
  /** How often each fact took effect here. */
  effects: Table<number>
  /** Facts that a human has to look at, and those queued behind them. */
  parked: Table<Fact>
}

type Options = {
  context: Service
  hears: Record<string, readonly FactType[]>
  /** Puts the facts of a transaction into the outbox; the real one does so inside that transaction. */
  announce(append: () => void): void
}

export const timerId = (kind: string, aggregateId: string): string => `${kind}/${aggregateId}`

const versionOf = ({ aggregateId, aggregateVersion }: Saying): string => `${aggregateId}#${aggregateVersion}`

export const createDb = ({ context, hears, announce }: Options): Db => {
  let undo: (() => void)[] | undefined
  let said: Fact[] = []
  const versions = new Set<string>()
  const outbox: Fact[] = []
  const todo = new Map(Object.keys(hears).map((consumer) => [consumer, [] as Fact[]]))

  const table = <Row>(): Table<Row> => {
    const rows = new Map<string, Row>()
    const touched = new Set<string>()
    const restore = (id: string, row: Row | undefined) => {
      if (row === undefined) rows.delete(id)
      else rows.set(id, row)
    }
    const write = (id: string, row: Row | undefined) => {
      if (!undo) throw new TypeError(`${context} writes outside a transaction`)
      const before = rows.get(id)
      undo.push(() => restore(id, before))
      touched.add(id)
      restore(id, row)
    }
    return {
      get: (id) => rows.get(id),
      put: write,
      remove: (id) => write(id, undefined),
      clear: () => {
        for (const id of [...rows.keys()]) write(id, undefined)
      },
      all: () => [...rows.values()],
      changed: () => {
        if (touched.size === 0) return []
        const ids = [...touched]
        touched.clear()
        return ids
      },
    }
  }

  const append = (facts: readonly Fact[]) => {
    const known = facts.find((fact) => versions.has(versionOf(fact)))
    if (known) throw new Error(`${context} has said version ${versionOf(known)} before`)
    for (const fact of facts) {
      versions.add(versionOf(fact))
      outbox.push(fact)
      for (const [consumer, types] of Object.entries(hears))
        if (types.includes(fact.type)) todo.get(consumer)!.push(fact)
    }
  }

  const timers = table<Timer>()
  return {
    context,
    table,
    tx: (work) => {
      if (undo) throw new TypeError(`${context} opens a transaction inside another`)
      undo = []
      said = []
      try {
        const result = work()
        const facts = said
        if (facts.length > 0) announce(() => append(facts))
        return result
      } catch (error) {
        for (const step of undo.reverse()) step()
        throw error
      } finally {
        undo = undefined
      }
    },
    publish: (...facts) => void said.push(...facts.map((fact) => ({ ...fact, source: context }))),
    schedule: ({ kind, aggregateId, dueAt, tries = 0 }) =>
      timers.put(timerId(kind, aggregateId), { kind, aggregateId, dueAt, tries, attempts: 0, lockedUntil: 0 }),
    unschedule: (kind, aggregateId) => timers.remove(timerId(kind, aggregateId)),
    timers,
    outbox,
    todo,
    inbox: table(),
    effects: table(),
    parked: table(),
  }
}
