import type { IncomingHttpHeaders } from "node:http"
import type { EmulatedFault, EmulatedRequest } from "./AwsEmulator.ts"
import { regionOfSigned } from "./requestSignature.ts"
import { ServiceError } from "./ServiceError.ts"
import { breachesOf, modelOf } from "./serviceModel.ts"

/** A service: its names on the wire, its model, and what its operations do. */
export interface EmulatedService {
  /** What stands before the operation in `X-Amz-Target`. */
  readonly target: string
  /** The name for which requests are signed. */
  readonly name: string
  /** The exports of the SDK's package, which hold the model. */
  readonly sdk: { readonly [name: string]: unknown }
  /** Whether the service has the operation. */
  readonly has: (operation: string) => boolean
  /** Handles one request of a known operation that the model allows; throws `ServiceError` to refuse it. */
  readonly handle: (operation: string, input: unknown, region: string) => unknown
}

/** What an emulator has seen and is set to. */
export interface EmulatorState {
  skewMillis: number
  passedMillis: number
  open: number
  injected: ReadonlyArray<{ readonly fault: EmulatedFault; readonly on: string | undefined }>
  readonly requests: Array<EmulatedRequest>
  readonly violations: Array<string>
}

/** A request that was read to its end. */
export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

/** What goes back, and how. */
export interface Answer {
  readonly kind: "whole" | "hang" | "reset" | "truncated"
  readonly status: number
  readonly body: string
}

/** Answers a request and notes what became of it. */
export const answerRequest = (
  service: EmulatedService,
  state: EmulatorState,
  request: ReceivedRequest,
): Answer => {
  const operation = String(request.headers["x-amz-target"]).replace(`${service.target}.`, "")
  const seen = { operation, region: "", outcome: "ok" }
  try {
    seen.region = regionOfSigned(request, service.name, Date.now() + state.skewMillis)
    const fault = takeFault(state, operation)
    if (fault !== undefined) seen.outcome = fault.kind
    return met(fault, () => perform(service, state.violations, operation, request, seen.region))
  } catch (error) {
    const { name, message, status } =
      error instanceof ServiceError ? error : new ServiceError("InternalFailure", String(error))
    seen.outcome = name
    return { kind: "whole", status, body: JSON.stringify({ __type: name, message }) }
  } finally {
    state.requests.push(seen)
  }
}

/** The next injected fault that is for this operation. */
const takeFault = (state: EmulatorState, operation: string): EmulatedFault | undefined => {
  const found = state.injected.find(({ on }) => on === undefined || on === operation)
  state.injected = state.injected.filter((each) => each !== found)
  return found?.fault
}

const met = (fault: EmulatedFault | undefined, work: () => string): Answer => {
  switch (fault?.kind) {
    case "error":
      throw new ServiceError(fault.name, "injected")
    case "hang":
    case "reset":
      return { kind: fault.kind, status: 0, body: "" }
    case "garbled":
      return { kind: "whole", status: 200, body: "<html>Welcome to the airport</html>" }
    case "truncated":
      return { kind: "truncated", status: 200, body: work() }
    default:
      return { kind: "whole", status: 200, body: work() }
  }
}

/** Judges one request, carries it out, and judges the answer. */
const perform = (
  service: EmulatedService,
  violations: Array<string>,
  operation: string,
  { method, path, headers, body }: ReceivedRequest,
  region: string,
): string => {
  const model = modelOf(service.sdk, operation)
  const wellFormed =
    method === "POST" && path === "/" && headers["content-type"] === "application/x-amz-json-1.1"
  if (!wellFormed || model === undefined || !service.has(operation))
    throw new ServiceError("UnknownOperationException", "")
  const input = parse(body)
  const asked = breachesOf(model.input, input)
  violations.push(...asked.map((breach) => `${operation} request ${breach}`))
  if (asked.length > 0) throw new ServiceError("ValidationException", asked.join(", "))
  const output = JSON.stringify(service.handle(operation, input, region))
  const answered = breachesOf(model.output, JSON.parse(output))
  violations.push(...answered.map((breach) => `${operation} answer ${breach}`))
  if (answered.length > 0) throw new ServiceError("InternalFailure", answered.join(", "))
  return output
}

const parse = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"))
  } catch {
    throw new ServiceError("SerializationException", "")
  }
}
