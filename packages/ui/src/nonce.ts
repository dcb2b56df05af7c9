import { setNonce } from 'get-nonce'

/** Tells the scroll lock of dialogs and menus the nonce under which this page may add a style element. */
export const adoptNonce = (page: Document): void => {
  const nonce = page.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content
  if (nonce) setNonce(nonce)
}
