import type { Sql } from '@souk/platform'
import { createAttempts } from './store/attempts.ts'
import { createCallbacks } from './store/callbacks.ts'
import { createCases } from './store/cases.ts'
import { createLedger } from './store/ledger.ts'
import { createRefunds } from './store/refunds.ts'
import { createSettling } from './store/settling.ts'
import { createViews } from './store/views.ts'

/** SQL of this context; `schema` is its qualified name. */
export const createStore = (schema: Sql) => ({
  attempts: createAttempts(schema),
  refunds: createRefunds(schema),
  ledger: createLedger(schema),
  callbacks: createCallbacks(schema),
  cases: createCases(schema),
  settling: createSettling(schema),
  views: createViews(schema),
})

export type Store = ReturnType<typeof createStore>
