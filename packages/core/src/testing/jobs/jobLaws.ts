import type { Ids } from "../../kernel/index.ts"
import type { Store } from "../../store/index.ts"
import type { Contract } from "../Contract.ts"
import type { LawTrials, Study } from "../laws/exploreStudy.ts"
import { studyClauses } from "../laws/studyClauses.ts"
import { everyJobLaw } from "./everyJobLaw.ts"
import { anyHistory, type JobHistory } from "./JobHistory.ts"
import type { LivedJobs } from "./JobTrace.ts"
import { liveJobs } from "./liveJobs.ts"

const study: Study<JobHistory, LivedJobs> = {
  contract: "jobLaws",
  laws: everyJobLaw,
  histories: anyHistory,
  live: liveJobs,
  describe: ({ log }) => log.join("\n"),
}

/**
 * The laws of jobs and messages as a contract that a host runs on its own composition: each job is done at least once
 * and recorded once, in any number of workers that come, go, crash, stall, and lose the store for a while.
 *
 * Histories are generated. Jobs and messages of two partitions meet handlers that succeed, fail, die, take long, hang,
 * or want what the store refuses; up to three workers take them on a clock that passes, or jumps past the end of a
 * lease; any call of the store may be the last of its worker, before it was done or after. Each history lives in
 * partitions of its own, with a queue of its own, so it may run on a store in use, beside other workers.
 *
 * All clauses share their histories: build the layer once (`share`), and the first clause takes nearly all the time.
 *
 * @param trials.runs how many histories
 * @param trials.seed from which seed; a new one for each layer when left out
 * @param trials.path the path that a failure printed: lives that history only
 */
export const jobLaws = (trials: LawTrials): Contract<Store | Ids> => ({
  name: "laws of jobs",
  clauses: studyClauses(study, trials),
})
