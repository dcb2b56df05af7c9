import { dirname, join, normalize } from 'node:path'
import { allowed, contextFree, impure, serverSide, type Zone } from './rules.ts'

export type Violation = { file: string; says: string }
/** Path from the root of the repository → source text. */
export type Sources = ReadonlyMap<string, string>

type Place = { zone: Zone; context?: string }

const roomOf = (path: string): Zone => {
  if (path === 'index.ts') return 'front door'
  const room = path.split('/')[0]!.replace(/\.ts$/, '')
  return (['domain', 'faults', 'store', 'service', 'events'] as const).find((zone) => zone === room) ?? 'room'
}

/** Which zone a file belongs to; undefined for what has no rule (configuration, generated output). */
export const placeOf = (path: string): Place | undefined => {
  const [top = '', name = '', part = '', ...rest] = path.split('/')
  if (top === 'tests' && name === 'model') return { zone: 'model' }
  if (part === 'test' || top === 'tests' || top === 'bench')
    return { zone: 'tests', context: top === 'contexts' ? name : undefined }
  if (top === 'tools') return { zone: 'tools' }
  if (part !== 'src') return undefined
  if (top === 'contexts') return { zone: roomOf(rest.join('/')), context: name }
  if (top === 'packages' && name in allowed) return { zone: name as Zone }
  if (top === 'apps') return { zone: name === 'server' ? 'server' : 'web' }
  return undefined
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

/** Every module a source names: static, type-only, re-exported or dynamic. */
export const importsOf = (source: string): string[] =>
  [...source.matchAll(importPattern)].map((match) => (match[1] ?? match[2] ?? match[3])!)

type Target = { kind: Zone | 'node' | 'npm'; context?: string; path?: string; module?: string }

const targetOf = (file: string, specifier: string, contexts: ReadonlySet<string>): Target => {
  if (specifier.startsWith('.')) {
    const path = normalize(join(dirname(file), specifier))
    const place = placeOf(path)
    return { kind: place?.zone ?? 'npm', context: place?.context, path }
  }
  if (specifier.startsWith('node:')) return { kind: 'node' }
  const own = /^@souk\/([^/]+)(?:\/(.+))?$/.exec(specifier)
  if (!own) return { kind: 'npm' }
  const [, name = '', module] = own
  if (contexts.has(name)) return { kind: 'front door', context: name, module }
  return { kind: (name === 'storefront' || name === 'admin' ? 'web' : name) as Zone, module }
}

const judge = (file: string, from: Place, specifier: string, to: Target): string | undefined => {
  const name = `${from.zone}${from.context ? ` of ${from.context}` : ''}`
  if (from.context && to.context && from.context !== to.context) return `${name} imports another context: ${specifier}`
  if (
    !(allowed[from.zone] as readonly string[]).includes(to.kind) &&
    !(from.zone === 'tests' && from.context === to.context && from.context)
  )
    if (!(from.zone === 'tests' && samePackage(file, to.path))) return `${name} may not import ${to.kind}: ${specifier}`
  if (['client', 'ui', 'web'].includes(from.zone) && to.kind === 'contract' && serverSide.includes(to.module ?? ''))
    return `${name} would load server-side contract code: ${specifier}`
  if (from.zone === 'gateway' && to.kind === 'contract' && !contextFree.includes(to.module ?? ''))
    return `${name} names a context: ${specifier}`
  return undefined
}

const samePackage = (file: string, path: string | undefined): boolean =>
  path !== undefined && path.split('/').slice(0, 2).join('/') === file.split('/').slice(0, 2).join('/')

/** Import cycles between files of the house, each named once from its first file. */
const cyclesOf = (graph: ReadonlyMap<string, readonly string[]>): string[][] => {
  const state = new Map<string, 'open' | 'done'>()
  const trail: string[] = []
  const found: string[][] = []
  const visit = (file: string): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') return void found.push(trail.slice(trail.indexOf(file)))
    state.set(file, 'open')
    trail.push(file)
    for (const next of graph.get(file) ?? []) visit(next)
    trail.pop()
    state.set(file, 'done')
  }
  for (const file of graph.keys()) visit(file)
  return found
}

/** Everything in the sources that breaks the table of `rules.ts`. Nothing scanned is a violation of its own. */
export const findViolations = (sources: Sources): Violation[] => {
  const files = [...sources].filter(([path]) => placeOf(path))
  if (files.length === 0) return [{ file: '', says: 'no file was scanned' }]
  const contexts = new Set(files.flatMap(([path]) => (path.startsWith('contexts/') ? [path.split('/')[1]!] : [])))
  const violations: Violation[] = []
  const graph = new Map<string, string[]>()
  for (const [file, source] of files) {
    const from = placeOf(file)!
    const targets = importsOf(source).map((specifier) => ({ specifier, to: targetOf(file, specifier, contexts) }))
    for (const { specifier, to } of targets) {
      const says = judge(file, from, specifier, to)
      if (says) violations.push({ file, says })
    }
    graph.set(
      file,
      targets.flatMap(({ to }) => (to.path && sources.has(to.path) ? [to.path] : [])),
    )
    if (from.zone === 'domain')
      for (const pattern of impure)
        if (pattern.test(source)) violations.push({ file, says: `domain is not pure: ${pattern.source}` })
  }
  for (const cycle of cyclesOf(graph)) violations.push({ file: cycle[0]!, says: `import cycle: ${cycle.join(' → ')}` })
  return violations
}
