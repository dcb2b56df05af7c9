import { type Setting, text } from '@souk/platform'

const secrets: Setting<string[]> = {
  env: 'SOUK_SANDBOX_SECRET',
  about:
    'proves the callbacks of the sandbox channel; a comma list, so that a new secret can be added before the old goes',
  secret: true,
  parse: (value) => {
    const words = value.split(',').flatMap((word) => word.trim() || [])
    if (words.length === 0) throw new Error('expected at least one secret')
    return words
  },
}

/** Method ids of the channels that are built in. */
const known = ['sandbox', 'pay_on_delivery']

const methods: Setting<string[]> = {
  env: 'SOUK_PAYMENT_METHODS',
  about: `payment methods that buyers may choose, a comma list of ${known.join(', ')}`,
  fallback: known.join(','),
  parse: (value) => {
    const words = value.split(',').flatMap((word) => word.trim() || [])
    const stranger = words.find((word) => !known.includes(word))
    if (stranger !== undefined) throw new Error(`there is no method ${stranger}`)
    return words
  },
}

const home = 'http://127.0.0.1:8889'

export const config = {
  secrets,
  publicUrl: text('SOUK_PUBLIC_URL', { about: 'the address at which buyers reach Souk', fallback: home }),
  callbackUrl: text('SOUK_CALLBACK_URL', { about: 'the address at which payment channels reach Souk', fallback: home }),
  methods,
}
