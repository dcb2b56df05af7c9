import type { Job } from '@souk/platform'
import type { Deps } from './deps.ts'

/** Figures that alerts watch. */
export const gauges = ({ db, store, metrics }: Pick<Deps, 'db' | 'store' | 'metrics'>): Job => ({
  name: 'payment.gauges',
  everyMs: 30_000,
  run: async () => {
    const figures = await store.cases.figures(db)
    if (!figures) return
    metrics.set('payment_unknown_age_seconds', figures.unknown_age)
    metrics.set('payment_refund_age_seconds', figures.refund_age)
    metrics.set('payment_ledger_unbalanced_entries', figures.imbalance)
    metrics.set('payment_open_cases', figures.cases)
  },
})
