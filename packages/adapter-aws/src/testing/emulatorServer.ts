import * as http from "node:http"
import * as https from "node:https"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { AwsEmulator, EmulatorOptions } from "./AwsEmulator.ts"
import {
  type Answer,
  answerRequest,
  type EmulatedService,
  type EmulatorState,
} from "./answerRequest.ts"

/** What a service goes by: this machine's clock, and the time that a test let pass. */
export interface ServiceClock {
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Starts a service on a free port of this machine; it ends with the scope. */
export const serve = (
  makeService: (clock: ServiceClock) => EmulatedService,
  { tls }: EmulatorOptions,
): Effect.Effect<AwsEmulator, never, Scope.Scope> =>
  Effect.gen(function* () {
    const state: EmulatorState = {
      skewMillis: 0,
      passedMillis: 0,
      open: 0,
      injected: [],
      requests: [],
      violations: [],
    }
    const service = makeService({ now: () => Date.now() + state.passedMillis })
    const listener = listenerOf(service, state)
    const server =
      tls === undefined ? http.createServer(listener) : https.createServer(tls, listener)
    yield* Effect.acquireRelease(listening(server), () => closing(server))
    const { port } = server.address() as AddressInfo
    return controlsOf(
      state,
      tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    )
  })

const controlsOf = (state: EmulatorState, endpoint: string): AwsEmulator => ({
  endpoint,
  inject: (fault, { times = 1, on } = {}) =>
    Effect.sync(() => {
      const more = Array.from({ length: times }, () => ({ fault, on }))
      state.injected = [...state.injected, ...more]
    }),
  heal: Effect.sync(() => {
    state.injected = []
  }),
  requests: Effect.sync(() => [...state.requests]),
  open: Effect.sync(() => state.open),
  violations: Effect.sync(() => [...state.violations]),
  skewClock: (millis) =>
    Effect.sync(() => {
      state.skewMillis = millis
    }),
  passTime: (millis) =>
    Effect.sync(() => {
      state.passedMillis += millis
    }),
})

const listenerOf =
  (service: EmulatedService, state: EmulatorState): http.RequestListener =>
  (request, response) => {
    state.open += 1
    response.once("close", () => {
      state.open -= 1
    })
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.once("end", () => {
      const { method = "", url: path = "", headers } = request
      const body = Buffer.concat(chunks)
      send(response, state, answerRequest(service, state, { method, path, headers, body }))
    })
  }

const send = (
  response: http.ServerResponse,
  { skewMillis }: EmulatorState,
  { kind, status, body }: Answer,
): void => {
  if (kind === "hang") return
  if (kind === "reset") {
    response.socket?.resetAndDestroy()
    return
  }
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.1",
    "content-length": Buffer.byteLength(body),
    date: new Date(Date.now() + skewMillis).toUTCString(),
  })
  if (kind === "whole") response.end(body)
  else response.write(body.slice(0, body.length / 2), () => response.socket?.destroy())
}

const listening = (server: http.Server): Effect.Effect<void> =>
  Effect.callback((resume) => {
    server.listen(0, "127.0.0.1", () => resume(Effect.void))
  })

const closing = (server: http.Server): Effect.Effect<void> =>
  Effect.callback((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })
