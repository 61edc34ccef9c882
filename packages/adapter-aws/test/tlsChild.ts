// A host with the flags and environment under test. It tells what a plain request of Node's makes of a server, which
// shows that the flags weaken the process, and then what the ring makes of it.
import * as https from "node:https"
import { KeyRing, PartitionId } from "@oto-fulfilment/core"
import { Effect } from "effect"
import { kmsKeyRing } from "../src/index.ts"
import { emulatorCredentials } from "../src/testing/index.ts"

const [endpoint = "", ca] = process.argv.slice(2)

const plain = await new Promise<string>((resolve) => {
  const request = https.request(endpoint, ca === undefined ? {} : { ca }, (response) => {
    response.resume()
    resolve("reached")
  })
  request.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name))
  request.end()
})

const ring = await Effect.runPromise(
  Effect.gen(function* () {
    const partition = PartitionId.make("01890a5d-ac96-774b-8cce-b302099a8057")
    return yield* (yield* KeyRing).newKey({ partition, use: "personal_data" })
  }).pipe(
    Effect.provide(
      kmsKeyRing({
        region: "eu-west-1",
        keyId: "arn:aws:kms:eu-west-1:111122223333:alias/oto",
        endpoint,
        allowPlainLoopback: true,
        credentials: emulatorCredentials,
        ...(ca === undefined ? {} : { ca }),
      }),
    ),
    Effect.match({
      onSuccess: () => "reached",
      onFailure: (error) => ("reason" in error ? error.reason : error.message),
    }),
  ),
)

process.stdout.write(JSON.stringify({ plain, ring }))
process.exit(0)
