import { Console, Effect } from "effect"
import { table } from "../telling/table.ts"
import { countRecords } from "./countRecords.ts"
import type { MongoRoom } from "./MongoRoom.ts"

/** On which server the story is about to happen, and in which database. */
export const tellServer = ({ server, database }: MongoRoom): Effect.Effect<void> =>
  Console.log(`\nOn MongoDB: ${server.description}\nDatabase: ${database}`)

/** What is left in the database, and how to look at it. */
export const tellLeft = Effect.fn("tellLeft")(function* (room: MongoRoom) {
  const counts = yield* countRecords(room)
  const filled = counts.filter(([, documents]) => documents > 0)
  if (filled.length === 0) return yield* Console.log("Nothing is left in MongoDB.")
  yield* Console.log(table([["Left in MongoDB", "documents"], ...filled.map((each) => [...each])]))
  yield* Console.log(`\n${howToLook(room).join("\n")}\n`)
})

const howToLook = ({ server, database }: MongoRoom): ReadonlyArray<string> => {
  const { uri, kept, lasting } = server
  // A connection string of the user's own may hold a password: it is named, not shown.
  const address = lasting ? '"$OTO_MONGODB_URI"' : `'${within(uri, database)}'`
  const driver = lasting ? "process.env.OTO_MONGODB_URI" : JSON.stringify(within(uri, database))
  return [
    ...(kept === undefined
      ? ["To look at it, with mongosh or, in examples/quickstart, with Node:"]
      : [
          "The server ends with the demo, its data stay until the next one. To look at them, start it again:",
          "",
          `  ${kept.command}`,
          "",
          "and ask it, with mongosh or, in examples/quickstart, with Node:",
        ]),
    "",
    `  mongosh ${address} --eval '${lasting ? `db = db.getSiblingDB("${database}"); ` : ""}db.orders.findOne()'`,
    `  node --input-type=module -e '${oneLiner(driver, lasting ? `"${database}"` : "")}'`,
  ]
}

const oneLiner = (uri: string, database: string): string =>
  [
    'import { MongoClient } from "mongodb"',
    `const client = new MongoClient(${uri})`,
    `console.dir(await client.db(${database}).collection("orders").findOne(), { depth: 9 })`,
    "await client.close()",
  ].join("; ")

/** The connection string with a database in it. */
const within = (uri: string, database: string): string => {
  const url = new URL(uri)
  url.pathname = `/${database}`
  return url.href
}
