import type { System } from '../system.ts'

/** What a system said, for whoever has to find out why a test failed: its errors first, then its last words. */
export const report = (system: System | undefined): void => {
  const lines = system?.output().split('\n') ?? []
  const errors = lines.filter((line) => line.includes('"level":"error"'))
  process.stderr.write(`${[...errors.slice(0, 100), '…', ...lines.slice(-60)].join('\n')}\n`)
}
