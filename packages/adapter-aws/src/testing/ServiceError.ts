/** An error by which an emulated service refuses a request. */
export class ServiceError extends Error {
  readonly status: number
  constructor(name: string, message: string) {
    super(message)
    this.name = name
    this.status = SERVER_FAULTS.has(name) ? 500 : 400
  }
}

const SERVER_FAULTS = new Set([
  "DependencyTimeoutException",
  "KMSInternalException",
  "KeyUnavailableException",
  "InternalFailure",
  "InternalServiceError",
  "ServiceUnavailable",
])
