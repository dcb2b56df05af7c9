import { paymentHears } from './cashier.ts'
import type { Fact } from './db.ts'
import { fulfillmentHears } from './fulfillment.ts'
import { inventoryHears } from './inventory.ts'
import { orderHears } from './order.ts'
import { isMistake, type Service } from './steps.ts'
import { dbOf, services, type World } from './world.ts'

/** After this many failed tries a fact is parked, and its aggregate's later facts queue up behind it. */
const mostTries = 5

const streamOf = ({ source, aggregateId }: Fact): string => `${source}/${aggregateId}`
export const effectOf = (fact: Fact): string => `${streamOf(fact)}#${fact.aggregateVersion}`

/** Facts of one context that one consumer has still to take. */
export type Queue = { source: Service; consumer: Service; facts: Fact[] }

export type Bus = {
  /** Queues with something in them whose two ends are running. */
  waiting(): Queue[]
  /** Hands one fact over; `keep` when the relay dies before it could forget it. */
  deliver(queue: Queue, wish: number, keep: boolean): void
  /** A relay that was replaced long ago hands over something old. */
  deliverOld(consumer: Service, fact: Fact): void
}

type Handlers = Partial<Record<string, (payload: never) => void>>

/** The relay and the inbox of the platform: at least once, in order per aggregate, each effect once. */
export const createBus = (world: World): Bus => {
  const handlers: Partial<Record<Service, Handlers>> = {
    order: orderHears(world),
    inventory: inventoryHears(world),
    payment: paymentHears(world),
    fulfillment: fulfillmentHears(world),
  }

  const take = (consumer: Service, fact: Fact): void => {
    const { tx, inbox, effects } = dbOf(world, consumer)
    tx(() => {
      if ((inbox.get(streamOf(fact)) ?? 0) >= fact.aggregateVersion) return
      inbox.put(streamOf(fact), fact.aggregateVersion)
      effects.put(effectOf(fact), (effects.get(effectOf(fact)) ?? 0) + 1)
      handlers[consumer]![fact.type]!(fact.payload as never)
    })
  }

  const park = (consumer: Service, fact: Fact): void => {
    const { tx, parked } = dbOf(world, consumer)
    tx(() => parked.put(effectOf(fact), fact))
  }

  /** Whether the fact need not come again. */
  const handle = (consumer: Service, fact: Fact): boolean => {
    const name = `${consumer} ${effectOf(fact)}`
    if (
      dbOf(world, consumer)
        .parked.all()
        .some((other) => streamOf(other) === streamOf(fact))
    ) {
      park(consumer, fact)
      return true
    }
    try {
      take(consumer, fact)
      world.tries.delete(name)
      return true
    } catch (error) {
      if (isMistake(error)) throw error
      const tries = (world.tries.get(name) ?? 0) + 1
      world.tries.set(name, tries)
      if (tries < mostTries) return false
      park(consumer, fact)
      return true
    }
  }

  return {
    waiting: () => {
      const queues: Queue[] = []
      for (const source of services)
        for (const [name, facts] of dbOf(world, source).todo) {
          const consumer = name as Service
          if (facts.length > 0 && world.up[source] && world.up[consumer]) queues.push({ source, consumer, facts })
        }
      return queues
    },
    deliver: ({ consumer, facts }, wish, keep) => {
      const fact = facts[world.ports.nextFact(facts, wish)]!
      const forget = () => {
        if (!keep && facts.includes(fact)) facts.splice(facts.indexOf(fact), 1)
      }
      world.ports.hand(consumer, () => handle(consumer, fact), forget, world.spawn)
    },
    deliverOld: (consumer, fact) => void handle(consumer, fact),
  }
}
