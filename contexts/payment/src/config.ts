import { list, type Setting, text } from '@souk/platform'

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

const home = 'http://127.0.0.1:8889'

export const config = {
  secrets,
  publicUrl: text('SOUK_PUBLIC_URL', { about: 'the address at which buyers reach Souk', fallback: home }),
  callbackUrl: text('SOUK_CALLBACK_URL', { about: 'the address at which payment channels reach Souk', fallback: home }),
  methods: list('SOUK_PAYMENT_METHODS', {
    about: 'payment methods that buyers may choose',
    fallback: 'sandbox,pay_on_delivery',
  }),
}
