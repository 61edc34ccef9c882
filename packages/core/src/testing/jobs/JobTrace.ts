import type { AuditEvent } from "../../audit/index.ts"
import type { Delivery, Job, OutboxMessage } from "../../integration/index.ts"
import type { Who } from "./JobHistory.ts"

/** A job that was offered, or that a message must become, one for each subscriber. */
export interface Wanted {
  readonly job: string
  readonly who: Who
  readonly dueAt: number
  readonly of: "queue" | "topic"
}

/** How a run of a handler ended. `cut`: interrupted by its worker, because it lost the lease or its time was over. */
export type RunEnd = "succeeded" | "failed" | "cut" | "stopped" | "crashed"

/** One run of a handler. Places in the history count up, so that it is known what came between two. */
export interface Run {
  readonly job: string
  /** In which partition the handler found itself, and of which partition it was told. */
  readonly who: Who | undefined
  readonly told: Who
  readonly attempts: number
  readonly token: number
  readonly life: Life
  /** Whether time may have jumped between its lease and its start. */
  readonly isLate: boolean
  /** Whether it wants something that the store refuses. */
  readonly overreaches: boolean
  readonly startedAt: number
  readonly from: number
  endedAt: number
  to: number
  end: RunEnd | undefined
}

/** A worker from its start to its end. */
export interface Life {
  /** Places at which the store did not answer it. */
  readonly troubles: Array<number>
  state: "working" | "stopping" | "crashed" | "stopped"
}

/** A record of what a handler wanted to be true. */
export interface Effected {
  readonly job: string
  readonly token: number
  readonly who: Who
}

/** What a partition has at the end of a history. */
export interface JobBooks {
  readonly jobs: ReadonlyArray<Job>
  /** As the index of dead ones shows them. */
  readonly dead: ReadonlyArray<Job>
  readonly messages: ReadonlyArray<OutboxMessage>
  readonly deliveries: ReadonlyArray<Delivery>
  readonly events: ReadonlyArray<AuditEvent>
}

/** A history that was lived, to the end of all its work. */
export interface LivedJobs {
  readonly wanted: ReadonlyArray<Wanted>
  /** Messages of a topic that nobody serves, by id. */
  readonly muttered: ReadonlyArray<string>
  readonly runs: ReadonlyArray<Run>
  readonly effects: ReadonlyArray<Effected>
  /** Places at which time passed while nobody got to do anything. */
  readonly stalls: ReadonlyArray<number>
  readonly books: readonly [JobBooks, JobBooks]
  /** What a worker died of, if one did. */
  readonly death: string | undefined
  /** The history, one line a thing that happened. */
  readonly log: ReadonlyArray<string>
}
