import type { CheckoutAnswer, CheckoutRequest, FlatCheckoutRequest } from '@souk/contract/edge'
import type { AddressInput } from '@souk/contract/identity'
import { fault } from '@souk/kernel'
import { type Call, userId } from '@souk/platform'
import { countryCode, unknownCountry } from './country.ts'

/** The flat form's address in our shape; a country that we do not know stays readable in line 2. */
export const toAddress = ({ firstname, lastname, phone, address }: FlatCheckoutRequest): AddressInput => {
  const { streetAddress = '', city = '', state = '', country = '', zipCode = '' } = address ?? {}
  const code = countryCode(country)
  return {
    recipient: `${firstname} ${lastname}`.trim(),
    phone: phone ?? '',
    country: code,
    province: state,
    city,
    district: '',
    line1: streetAddress,
    line2: code === unknownCountry ? country : '',
    postalCode: zipCode,
    isDefault: false,
  }
}

/** SPEC GW9: the cart, a flat address, the sandbox. Card data never gets here: the gateway refuses it. */
export const flatCheckout =
  (checkout: (request: CheckoutRequest, call: Call) => Promise<CheckoutAnswer>) =>
  async (request: FlatCheckoutRequest, call: Call): Promise<CheckoutAnswer> => {
    if (request.userId !== undefined && request.userId !== userId(call)) throw fault('FORBIDDEN')
    return checkout({ lines: [], fromCart: true, method: 'sandbox', address: toAddress(request) }, call)
  }
