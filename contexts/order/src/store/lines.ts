import type { Line } from '../domain/order.ts'

/** Pairs keep the order of the options, which names in jsonb do not. */
export type LineJson = Omit<Line, 'options'> & { options: [name: string, value: string][] }

export const linesToJson = (lines: readonly Line[]): string =>
  JSON.stringify(lines.map((line): LineJson => ({ ...line, options: Object.entries(line.options) })))

export const linesFromJson = (lines: readonly LineJson[]): Line[] =>
  lines.map((line) => ({ ...line, options: Object.fromEntries(line.options) }))
