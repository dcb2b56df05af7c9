import sqlTag, { empty, join, raw, Sql } from 'sql-template-tag'

/**
 * Statements are written where they are read: sql`select … where id = ${id}`. Values always become parameters;
 * fragments nest; `join` makes lists; `raw` is for names that the code itself wrote, never for input.
 */
export const sql = sqlTag
export { empty, join, raw, Sql }

const names = new Map<string, string>()
const mostNames = 3000

/** A stable prepared-statement name per text; undefined once there are too many texts, so servers do not fill up. */
export const statementName = (text: string): string | undefined => {
  const known = names.get(text)
  if (known) return known
  if (names.size >= mostNames) return undefined
  const name = `s${names.size}`
  names.set(text, name)
  return name
}
