import * as http from "node:http"
import * as https from "node:https"
import tls from "node:tls"
import { NodeHttpHandler } from "@smithy/node-http-handler"

/**
 * The only way in which this package reaches AWS: TLS 1.2 or newer with a certificate that is checked, whatever the
 * process's flags and environment say (R20, R25). A process that asks for TLS 1.3 gets it.
 *
 * @param ca authorities to trust instead of the system's, as PEM
 * @param attemptMillis how long one attempt may take until its answer begins
 */
export const secureHandler = (ca: string | undefined, attemptMillis: number): NodeHttpHandler =>
  new NodeHttpHandler({
    httpsAgent: new https.Agent({
      keepAlive: true,
      maxSockets: 50,
      minVersion: tls.DEFAULT_MIN_VERSION === "TLSv1.3" ? "TLSv1.3" : "TLSv1.2",
      // Against NODE_TLS_REJECT_UNAUTHORIZED.
      rejectUnauthorized: true,
      ...(ca === undefined ? {} : { ca }),
    }),
    // Only for an emulator on this machine: residency.ts refuses all other plain addresses.
    httpAgent: new http.Agent({ keepAlive: true, maxSockets: 50 }),
    connectionTimeout: attemptMillis,
    requestTimeout: attemptMillis,
    throwOnRequestTimeout: true,
  })
