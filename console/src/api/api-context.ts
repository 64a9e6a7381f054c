import { createContext, use } from 'react'
import type { Api } from './client.ts'

export const ApiContext = createContext<Api | undefined>(undefined)

/** The API for whoever has signed in. */
export function useApi(): Api {
  const api = use(ApiContext)
  if (api === undefined) throw new Error('nobody has signed in yet')
  return api
}
