import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"

/** How long a plain key is kept, in milliseconds: what may pass until a host notices that a key is gone. */
export const KEY_MILLIS = 300_000

interface Held<A> {
  readonly value: A
  readonly until: number
}

interface Flight<A, E> {
  readonly flight: Deferred.Deferred<A, E>
}

/**
 * Values that are kept for five minutes, and then gone: not merely unused, so that a key is not found in memory longer
 * than it may be. Who asks for the same value at the same time waits for one loading. Failures are not kept.
 */
export class KeyCache<A extends {}, E> {
  private readonly entries = new Map<string, Held<A> | Flight<A, E>>()
  private readonly scope: Scope.Scope

  /** @param scope of the cache: where it ends, loading stops */
  constructor(scope: Scope.Scope) {
    this.scope = scope
  }

  /** The value of this name that may be used at `now`, if there is one. */
  peek(name: string, now: number): A | undefined {
    const entry = this.entries.get(name)
    return entry !== undefined && "until" in entry && now < entry.until ? entry.value : undefined
  }

  /** The value of this name, loaded when there is none. An interrupted caller does not stop the loading for others. */
  get<R>(name: string, load: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const value = this.peek(name, now)
      return value === undefined ? this.join(name, load, now) : Effect.succeed(value)
    })
  }

  /** Keeps a value that was come by in another way. */
  put(name: string, value: A): Effect.Effect<void> {
    return Effect.flatMap(Clock.currentTimeMillis, (now) => this.keep(name, value, now))
  }

  /** Forgets every value whose name begins so. A loading that is under way keeps nothing. */
  drop(prefix: string): void {
    for (const name of this.entries.keys()) if (name.startsWith(prefix)) this.entries.delete(name)
  }

  /** Waits for the flight of this name, and starts one where there is none. */
  private join<R>(name: string, load: Effect.Effect<A, E, R>, now: number): Effect.Effect<A, E, R> {
    // From the look at the entries to the end of the callback no other fiber runs: nobody starts a second flight.
    // Nothing interrupts before the flight is on its way: nobody waits for one that never started.
    return Effect.uninterruptibleMask((restore) => {
      const entry = this.entries.get(name)
      if (entry !== undefined && "flight" in entry) return restore(Deferred.await(entry.flight))
      const landed = this.peek(name, now)
      if (landed !== undefined) return Effect.succeed(landed)
      const started: Flight<A, E> = { flight: Deferred.makeUnsafe() }
      this.entries.set(name, started)
      const landing = Effect.onExit(load, (exit) => this.land(name, started, exit))
      return Effect.andThen(
        Effect.forkIn(landing, this.scope),
        restore(Deferred.await(started.flight)),
      )
    })
  }

  private land(name: string, entry: Flight<A, E>, exit: Exit.Exit<A, E>): Effect.Effect<void> {
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const wanted = this.entries.get(name) === entry
      if (wanted) this.entries.delete(name)
      const kept = wanted && Exit.isSuccess(exit) ? this.keep(name, exit.value, now) : Effect.void
      return Effect.andThen(kept, Deferred.done(entry.flight, exit))
    })
  }

  private keep(name: string, value: A, now: number): Effect.Effect<void> {
    const held: Held<A> = { value, until: now + KEY_MILLIS }
    this.entries.set(name, held)
    const erase = Effect.andThen(
      Effect.sleep(KEY_MILLIS),
      Effect.sync(() => {
        if (this.entries.get(name) === held) this.entries.delete(name)
      }),
    )
    return Effect.asVoid(Effect.forkIn(erase, this.scope))
  }
}
