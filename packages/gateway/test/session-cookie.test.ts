import { deepEqual, equal } from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { test } from 'node:test'
import { methods } from '@souk/contract/methods'
import { faultOf } from '@souk/kernel'
import { tokenFromCookie, withCookie } from '../src/guard/session-cookie.ts'

const method = (name: string) => methods.find((entry) => entry.name === name)!
const login = method('identity.AuthService/Login')
const refresh = method('identity.AuthService/Refresh')
const logout = method('identity.AuthService/Logout')
const me = method('identity.AccountService/GetMe')

const shop = 'https://shop.example'
const ours = { 'sec-fetch-site': 'same-origin' }
const cookie = '__Host-souk-refresh=a%2Fb'

const read = (headers: IncomingHttpHeaders, entry = refresh, message = {}): unknown => {
  try {
    return tokenFromCookie(entry, message, headers, shop).refreshToken
  } catch (error) {
    return faultOf(error)?.code
  }
}

for (const [says, headers, expected] of [
  ['alone', { cookie, ...ours }, 'a/b'],
  ['among others, whatever blanks are between', { cookie: `x=1;${cookie} ;  y=2`, ...ours }, 'a/b'],
  ['without a value', { cookie: '__Host-souk-refresh=', ...ours }, undefined],
  ['broken', { cookie: '__Host-souk-refresh=%ZZ', ...ours }, undefined],
  ['under a longer name', { cookie: `x${cookie}`, ...ours }, undefined],
  ['under a shorter name', { cookie: 'souk-refresh=a', ...ours }, undefined],
  ['not at all', { ...ours }, undefined],
  ['not at all, from nowhere', {}, undefined],
  ['from our own page', { cookie, origin: shop }, 'a/b'],
  ['from the host it talks to', { cookie, origin: 'http://10.0.0.1:8080', host: '10.0.0.1:8080' }, 'a/b'],
  ['from another port of it', { cookie, origin: 'http://10.0.0.1:9090', host: '10.0.0.1:8080' }, 'FORBIDDEN'],
  ['from elsewhere', { cookie, origin: 'https://evil.example', host: 'shop.example' }, 'FORBIDDEN'],
  ['from elsewhere to no host', { cookie, origin: 'https://evil.example' }, 'FORBIDDEN'],
  ['from a frame without origin', { cookie, origin: 'null', host: 'null' }, 'FORBIDDEN'],
  ['from a frame without origin to no host', { cookie, origin: 'null' }, 'FORBIDDEN'],
  ['from nowhere', { cookie, host: 'shop.example' }, 'FORBIDDEN'],
  ['from nowhere to nowhere', { cookie }, 'FORBIDDEN'],
  ['from a page the browser calls foreign', { cookie, origin: shop, 'sec-fetch-site': 'cross-site' }, 'FORBIDDEN'],
  ['from a page the browser calls ours', { cookie, origin: 'https://evil.example', ...ours }, 'a/b'],
] as const)
  test(`the refresh cookie ${says}: ${expected ?? 'none'}`, () => equal(read(headers), expected))

test('only the verb that renews reads the cookie, and only when the body brings no token', () => {
  for (const entry of [login, logout, me]) equal(read({ cookie }, entry), undefined)
  equal(read({ cookie, ...ours }, refresh, { refreshToken: '' }), 'a/b')
  deepEqual(tokenFromCookie(refresh, { refreshToken: 'mine' }, { cookie }, shop), {})
})

const wants = { 'x-souk-session': 'cookie' }
const tokens = { accessToken: 'access', refreshToken: 'a/b' }
const set = '__Host-souk-refresh=a%2Fb; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=2592000'
const gone = '__Host-souk-refresh=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0'
const moved = { answer: { accessToken: 'access', refreshToken: '' }, cookie: set }

for (const [says, entry, headers, fromCookie, expected] of [
  ['signing in, asked for', login, wants, false, moved],
  ['signing in, not asked for', login, {}, false, { answer: tokens }],
  ['signing in, asked for in other words', login, { 'x-souk-session': 'bearer' }, false, { answer: tokens }],
  ['renewing from the cookie', refresh, {}, true, moved],
  ['another verb', me, wants, true, { answer: tokens }],
  ['signing out with a cookie', logout, { cookie }, false, { answer: tokens, cookie: gone }],
  ['signing out of a browser that lost it', logout, wants, false, { answer: tokens, cookie: gone }],
  ['signing out without', logout, {}, false, { answer: tokens, cookie: undefined }],
] as const)
  test(`the answer of ${says}`, () => deepEqual(withCookie(entry, tokens, headers, fromCookie), expected))

for (const refreshToken of ['', undefined, 7])
  test(`an answer with the refresh token ${JSON.stringify(refreshToken)} sets no cookie`, () =>
    deepEqual(withCookie(login, { refreshToken }, wants, true), { answer: { refreshToken } }))
