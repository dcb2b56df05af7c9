import type { AddressInput, UpdateAddressRequest } from '@souk/contract/identity'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../api.ts'
import { identify } from './identifier.ts'

export const addressesQuery = () =>
  queryOptions({
    queryKey: ['account', 'addresses'],
    queryFn: ({ signal }) => api.call('identity.AccountService/ListAddresses', {}, { signal }),
    select: ({ addresses }) => addresses,
    staleTime: 30_000,
  })

export const createAddress = (address: AddressInput) => api.call('identity.AccountService/CreateAddress', address)

export const updateAddress = (id: string, address: Partial<UpdateAddressRequest>) =>
  api.call('identity.AccountService/UpdateAddress', { ...address, id })

export const deleteAddress = (id: string) => api.call('identity.AccountService/DeleteAddress', { id })

export const login = (account: string, password: string) =>
  api.call('identity.AuthService/Login', { ...identify(account), password })

export const register = (account: string, password: string) =>
  api.call('identity.AuthService/Register', { ...identify(account), password })

export const logout = () => api.call('identity.AuthService/Logout', {})
