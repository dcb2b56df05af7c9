import { type Columns, cell, type Row } from './columns.ts'

/** The rows of one product, as they stand together in the file. */
export type Group = {
  handle: string
  rows: Row[]
  /** Rows beyond what one product may have; they are refused unread. */
  surplus: number[]
  /** First byte and first row after the group. */
  end: number
  nextRow: number
}

/** Enough for 500 variants and as many pictures. */
const mostRows = 1000
const mostCharacters = 4_000_000

/**
 * Gathers consecutive rows of one handle. A row without handle stays with the product before it, where it is refused.
 * `add` answers the group that the row has completed; `end` is the first byte after the row.
 */
export const createGrouper = (columns: Columns) => {
  let open: Group | undefined
  let characters = 0
  const take = (): Group | undefined => {
    const done = open
    open = undefined
    return done
  }
  return {
    add: (row: Row, end: number): Group | undefined => {
      const handle = cell(columns, row, 'handle')
      const done = open && handle !== '' && handle !== open.handle ? take() : undefined
      if (!open) characters = 0
      open ??= { handle, rows: [], surplus: [], end, nextRow: row.number }
      characters += row.cells.reduce((sum, text) => sum + text.length, 0)
      if (open.rows.length === 0 || (open.rows.length < mostRows && characters < mostCharacters)) open.rows.push(row)
      else open.surplus.push(row.number)
      open.end = end
      open.nextRow = row.number + 1
      return done
    },
    /** The group that the end of the file completes. */
    finish: take,
  }
}
