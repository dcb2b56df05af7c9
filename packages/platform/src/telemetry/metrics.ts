import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

type Labels = Record<string, string>

/** Counters, gauges and histograms by name; labels never hold ids. A name is registered at its first use. */
export type Metrics = {
  count(name: string, labels?: Labels, by?: number): void
  set(name: string, value: number, labels?: Labels): void
  /** Seconds. */
  observe(name: string, seconds: number, labels?: Labels): void
  /** Prometheus text format. */
  text(): Promise<string>
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export const createMetrics = (options: { defaults?: boolean } = {}): Metrics => {
  const registry = new Registry()
  if (options.defaults) collectDefaultMetrics({ register: registry })
  const known = new Map<string, Counter | Gauge | Histogram>()
  const named = <M extends Counter | Gauge | Histogram>(name: string, make: () => M): M => {
    const old = known.get(name) as M | undefined
    if (old) return old
    const fresh = make()
    known.set(name, fresh)
    return fresh
  }
  const common = (name: string, labels: Labels) => ({
    name: `souk_${name}`,
    help: name.replaceAll('_', ' '),
    labelNames: Object.keys(labels),
    registers: [registry],
  })
  return {
    count: (name, labels = {}, by = 1) => named(name, () => new Counter(common(name, labels))).inc(labels, by),
    set: (name, value, labels = {}) => named(name, () => new Gauge(common(name, labels))).set(labels, value),
    observe: (name, seconds, labels = {}) =>
      named(name, () => new Histogram({ ...common(name, labels), buckets })).observe(labels, seconds),
    text: () => registry.metrics(),
  }
}
