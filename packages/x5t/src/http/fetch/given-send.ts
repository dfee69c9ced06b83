import { holding, type Send } from '../create-fetch.ts'
import { callGiven } from '../given-fetch.ts'
import { abandon, type RequestBody, requestBody } from './request-body.ts'

/** What is under way: a signal that follows another does so only as long as its Request is not collected. */
const underWay = new Set<Request>()

/**
 * Sends by a `fetch` of the caller's. It may be of another library, to which a Request and a form of the platform are
 * strangers, so that it gets an address, headers as an object, and for a body bytes, a Blob or a web stream.
 */
export function givenSend(fetch: typeof globalThis.fetch): Send {
  return async (request, init) => {
    const { url, method, redirect, signal } = request
    let body: RequestBody | undefined
    underWay.add(request)
    try {
      signal.throwIfAborted()
      body = await requestBody(request, init?.body)
      const headers = Object.fromEntries(request.headers)
      const streamed = body?.stream && { body: body.stream, duplex: 'half' as const }
      const sent = { ...init, method, redirect, signal, headers, body: body?.whole ?? null, ...streamed }
      return holding(request, await callGiven(fetch, url, sent))
    } catch (error) {
      abandon(body?.stream ?? request.body, init?.body, error)
      throw error
    } finally {
      underWay.delete(request)
    }
  }
}
