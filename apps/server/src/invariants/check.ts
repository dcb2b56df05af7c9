import pg from 'pg'
import { contexts } from '../contexts.ts'
import { factRules } from './facts.ts'
import { moneyRules } from './money.ts'
import { orderRules } from './orders.ts'
import { type Books, type Finding, type Rule, readOnly } from './rule.ts'
import { stockRules } from './stock.ts'

export const rules: readonly Rule[] = [...stockRules, ...orderRules, ...moneyRules, ...factRules]

/** What may still be on its way while the system runs, in milliseconds. */
const onItsWayMs = 120_000

/**
 * Reads every context's database in a snapshot of its own and answers everything that breaks a rule. Safe while
 * running: it only reads, and rules that hold at rest ignore what happened in the last two minutes, unless `atRest`
 * says that nothing is on its way.
 */
export const checkInvariants = async (
  urlOf: (context: string) => string,
  options: { atRest?: boolean } = {},
): Promise<Finding[]> => {
  const clients = new Map<string, pg.Client>()
  // A connection answers one question at a time, however many a rule asks at once.
  let last: Promise<unknown> = Promise.resolve()
  const oneByOne = <T>(ask: () => Promise<T>): Promise<T> => {
    const answer = last.then(ask)
    last = answer.catch(() => {})
    return answer
  }
  try {
    for (const { name } of contexts) {
      const url = urlOf(name)
      if (clients.has(url)) continue
      const client = new pg.Client({ connectionString: url, application_name: 'souk check-invariants' })
      await client.connect()
      await readOnly(client)
      clients.set(url, client)
    }
    const books: Books = {
      restedSince: new Date(Date.now() - (options.atRest ? -60_000 : onItsWayMs)),
      rows: (context, text, values) =>
        oneByOne(async () => (await clients.get(urlOf(context))!.query(text, values)).rows),
    }
    const findings: Finding[] = []
    for (const rule of rules)
      for (const found of await rule.find(books)) findings.push({ invariant: rule.id, ...found })
    return findings
  } finally {
    for (const client of clients.values()) await client.end()
  }
}
