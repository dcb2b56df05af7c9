/** A step of an executed plan, as `explain (analyze, verbose, format json)` tells it. */
export type Node = {
  'Node Type': string
  Schema?: string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  'Plan Rows': number
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  'Sort Key'?: string[]
  Plans?: Node[]
}

/** The tables that are judged, and the first column (or expression) of every index, each as schema.name. */
export type House = { filled: ReadonlySet<string>; leads: ReadonlyMap<string, string> }

/** Tables with fewer rows are read whole, and rightly so. */
export const fewRows = 500

/** What a statement may read of one table: so many rows for each that it answers or changes, and a page. */
const perRow = 3
const page = 100

/** A step and the table whose rows it visits: a bitmap of an index does not name it, the step above does. */
type Step = { node: Node; table: string }

const stepsOf = (node: Node, above = ''): Step[] => {
  const table = node['Relation Name'] ? `${node.Schema}.${node['Relation Name']}` : above
  return [{ node, table }, ...(node.Plans ?? []).flatMap((below) => stepsOf(below, table))]
}

const times = (node: Node, rows: number): number => Math.round(node['Actual Loops'] * rows)

/** Rows, or entries of an index, that a step looked at, those that it then left out included. */
const readBy = (node: Node): number =>
  / Scan$/.test(node['Node Type'])
    ? times(
        node,
        node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0),
      )
    : 0

/** Rows that the statement answers, and rows that it inserts, updates or deletes on the way. */
const achieved = (plan: Node): number =>
  stepsOf(plan).reduce(
    (sum, { node }) =>
      node['Node Type'] === 'ModifyTable'
        ? sum + (node.Plans ?? []).reduce((rows, below) => rows + times(below, below['Actual Rows']), 0)
        : sum,
    plan['Actual Rows'],
  )

/** A condition on further columns alone looks at every entry of the index and counts none of those that it leaves out. */
const walksWhole = ({ node, table }: Step, leads: House['leads']): boolean => {
  const lead = leads.get(`${table.split('.')[0]}.${node['Index Name']}`)
  const condition = node['Index Cond']?.replaceAll(/\b\w+\.(?=\w)/g, '')
  return (
    lead !== undefined &&
    condition !== undefined &&
    !new RegExp(`(?<!\\w)${RegExp.escape(lead)}(?!\\w)`).test(condition)
  )
}

const wrongWith = (step: Step, { filled, leads }: House, mayRead: number): string | undefined => {
  const { node, table } = step
  if (node['Node Type'] === 'Seq Scan' && filled.has(table)) return `reads all of ${table}`
  const sorted = node.Plans?.[0]?.['Plan Rows'] ?? 0
  if (/Sort/.test(node['Node Type']) && sorted >= fewRows)
    return `sorts ${sorted} rows by ${node['Sort Key']?.join(', ')}`
  if (filled.has(table) && walksWhole(step, leads))
    return `walks all of ${node['Index Name']} for ${node['Index Cond']?.slice(0, 100)}`
  if (filled.has(table) && readBy(node) > mayRead)
    return `reads ${readBy(node)} rows of ${table} by ${node['Index Name'] ?? 'a bitmap'} where ${mayRead} would do`
  return undefined
}

/**
 * What is wrong with a plan: a table of many rows read whole, many rows sorted to answer few, or far more rows read (by an
 * index walked on and on, by a filter that leaves nearly everything out, by a bitmap of most of a table) than answered,
 * or an index whose first column the condition does not name.
 */
export const wrongs = (plan: Node, house: House): string[] => {
  const mayRead = page + perRow * achieved(plan)
  return stepsOf(plan).flatMap((step) => wrongWith(step, house, mayRead) ?? [])
}
