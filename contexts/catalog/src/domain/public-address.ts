const v4 = (text: string): number | undefined => {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0)
}

const v4Blocks: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]

const isPublicV4 = (address: number): boolean =>
  !v4Blocks.some(
    ([network, bits]) => Math.floor(address / 2 ** (32 - bits)) === Math.floor((v4(network) ?? 0) / 2 ** (32 - bits)),
  )

/** The eight groups of an IPv6 address; undefined when it is none. */
const v6 = (text: string): number[] | undefined => {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const low = dotted && v4(dotted[2]!)
  if (dotted && low === undefined) return undefined
  const plain = dotted ? `${dotted[1]}${(low! >>> 16).toString(16)}:${(low! & 0xffff).toString(16)}` : text
  const halves = plain.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head!.length - (tail?.length ?? 0)
  if (tail ? missing < 1 : missing !== 0) return undefined
  const groups = [...head!, ...(tail ? Array<string>(missing).fill('0') : []), ...(tail ?? [])]
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined
}

/** Only global unicast is out there, and not the parts of it that tunnel to somewhere else or are for books. */
const isPublicV6 = ([first = 0, second = 0]: readonly number[]): boolean => {
  if (first >> 13 !== 1) return false
  if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return false
  return first !== 0x2002 && first !== 0x3fff
}

/** Whether an IP address, as text, is one of the public internet; whatever is no address is not. */
export const isPublicAddress = (address: string): boolean => {
  const number = v4(address)
  if (number !== undefined) return isPublicV4(number)
  const groups = v6(address)
  return groups !== undefined && isPublicV6(groups)
}

/** Why a picture must not be fetched from this address; undefined when it may be tried. Names are looked up later. */
export const pictureUrlProblem = (url: string): string | undefined => {
  if (url.length > 2000 || !URL.canParse(url)) return 'not an address'
  const { protocol, username, password, hostname, port } = new URL(url)
  if (protocol !== 'https:') return 'not an https address'
  if (username !== '' || password !== '') return 'an address with credentials'
  if (port !== '') return 'an address with a port'
  const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  const isLiteral = hostname.startsWith('[') || /^[\d.]+$/.test(hostname)
  if (isLiteral && !isPublicAddress(literal)) return 'not a public address'
  return /(^|\.)localhost\.?$/i.test(hostname) ? 'not a public address' : undefined
}
