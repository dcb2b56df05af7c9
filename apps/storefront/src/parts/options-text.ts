/** "Clay, 40": the chosen values, without the names of their options. */
export const optionsText = (options: Record<string, string> | undefined): string =>
  Object.values(options ?? {}).join(', ')
