/** "Clay, EU size 40": the chosen values, with the name of the option where the value alone says nothing. */
export const optionsText = (options: Record<string, string> | undefined): string =>
  Object.entries(options ?? {})
    .map(([name, value]) => (/^\p{L}{2,}/u.test(value) ? value : `${name} ${value}`))
    .join(', ')
