/** How the wait grows with failures in a row. Milliseconds. */
export type ThrottleCurve = { free: number; firstMs: number; longestMs: number }

/** One guesser at one account: about sixty tries an hour after the free ones. */
export const perAccountAndAddress: ThrottleCurve = { free: 5, firstMs: 1000, longestMs: 60_000 }

/** One guesser at many accounts. Many people may share an address, so it starts late and stays short. */
export const perAddress: ThrottleCurve = { free: 80, firstMs: 1000, longestMs: 30_000 }

/** Failures are forgotten this long after the last one. */
export const forgottenAfterMs = 15 * 60_000

/** The wait after the n-th failure in a row: nothing at first, then doubling up to a bound; never a hard lock. */
export const delayAfter = (failures: number, { free, firstMs, longestMs }: ThrottleCurve): number =>
  failures < free ? 0 : Math.min(longestMs, firstMs * 2 ** Math.min(failures - free, 30))

const v4InV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

const expand = (address: string): string[] => {
  const [head = '', tail] = address.split('::')
  const left = head ? head.split(':') : []
  const right = tail ? tail.split(':') : []
  const gap = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  return [...left, ...Array<string>(gap).fill('0'), ...right]
}

/** The network a guesser controls: an IPv4 address, or the /64 of an IPv6 address, of which he has 2^64. */
export const networkOf = (address: string): string => {
  const bare = address.trim().replace(/%.*$/, '')
  const v4 = v4InV6.exec(bare)?.[1]
  if (v4) return v4
  if (!bare.includes(':')) return bare
  return `${expand(bare)
    .slice(0, 4)
    .map((group) => (Number.parseInt(group, 16) || 0).toString(16))
    .join(':')}::/64`
}
