/** What a context declares about its neighbours. */
export type Neighbours = { name: string; offers: readonly string[]; needs: readonly string[]; hears: readonly string[] }

export type Graph = {
  /** Context → contexts that it calls synchronously. */
  calls: ReadonlyMap<string, readonly string[]>
  problems: string[]
}

const cycleIn = (calls: ReadonlyMap<string, readonly string[]>): string[] | undefined => {
  const done = new Set<string>()
  const walk = (name: string, trail: string[]): string[] | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name]
    if (done.has(name)) return undefined
    for (const next of calls.get(name) ?? []) {
      const found = walk(next, [...trail, name])
      if (found) return found
    }
    done.add(name)
    return undefined
  }
  for (const name of calls.keys()) {
    const found = walk(name, [])
    if (found) return found
  }
  return undefined
}

/** The synchronous call graph from what each context declares to need (SPEC PL20): a cycle is a problem. */
export const callGraph = (contexts: readonly Neighbours[]): Graph => {
  const home = new Map(contexts.flatMap(({ name, offers }) => offers.map((service) => [service, name] as const)))
  const problems: string[] = []
  const calls = new Map(
    contexts.map(({ name, needs }) => [
      name,
      [
        ...new Set(
          needs.flatMap((service) => {
            const target = home.get(service)
            if (!target) problems.push(`${name} needs ${service}, which nobody offers`)
            if (target === name) problems.push(`${name} needs its own ${service}`)
            return target ? [target] : []
          }),
        ),
      ].sort(),
    ]),
  )
  const cycle = cycleIn(calls)
  if (cycle) problems.push(`synchronous cycle: ${cycle.join(' → ')}`)
  return { calls, problems }
}

/** The graph as a page: who calls whom, who hears what. */
export const graphPage = (contexts: readonly Neighbours[], { calls }: Graph): string => {
  const arrows = [...calls].flatMap(([from, targets]) => targets.map((to) => `  ${from} --> ${to}`))
  const facts = contexts.flatMap(({ name, hears }) => hears.map((fact) => `| \`${fact}\` | ${name} |`)).sort()
  return `# Who calls whom, who hears what

Generated from the front doors of the contexts. Do not edit.

\`\`\`mermaid
graph LR
${arrows.join('\n')}
\`\`\`

| fact | heard by |
|---|---|
${facts.join('\n')}
`
}
