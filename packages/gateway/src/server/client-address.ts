import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

export type AddressOf = (request: IncomingMessage) => string

const unmapped = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address)

/** Who holds the other end of the connection. */
export const peerOf: AddressOf = ({ socket }) => unmapped(socket.remoteAddress ?? '')

/** `1.2.3.4:567` and `[::1]:567` are written by some proxies. */
const withoutPort = (hop: string): string => /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? hop.replace(/^([\d.]+):\d+$/, '$1')

const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/**
 * Reads `X-Forwarded-For` from its end, where each proxy writes whom it heard: as long as who wrote is trusted, what is
 * written is believed. Anybody can write the beginning, so without trusted proxies the header is not read at all.
 */
export const createAddressOf = (trusted: readonly string[]): AddressOf => {
  if (trusted.length === 0) return peerOf
  const networks = new BlockList()
  for (const network of trusted) {
    const [address = '', bits] = network.split('/')
    if (bits === undefined) networks.addAddress(address, family(address))
    else networks.addSubnet(address, Number(bits), family(address))
  }
  return (request) => {
    const hops = String(request.headers['x-forwarded-for'] ?? '').split(',')
    let address = peerOf(request)
    while (isIP(address) && networks.check(address, family(address))) {
      const hop = unmapped(withoutPort((hops.pop() ?? '').trim()))
      if (!isIP(hop)) break
      address = hop
    }
    return address
  }
}
