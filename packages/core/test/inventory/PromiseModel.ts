/** One step of a history of promises. `shrink` gives back units of a document's oldest commitment. */
export type ModelStep =
  | {
      readonly step: "receive"
      readonly sku: Stocked
      readonly quantity: number
      readonly bin: string
    }
  | {
      readonly step: "commit"
      readonly document: string
      readonly lines: ReadonlyArray<{ readonly sku: Stocked | "SET"; readonly quantity: number }>
      readonly policy: "whole" | "available"
      readonly lives: number | null
    }
  | { readonly step: "allocate" | "release" | "deallocate"; readonly document: string }
  | { readonly step: "dispatch"; readonly document: string; readonly rest: "keep" | "release" }
  | { readonly step: "shrink"; readonly document: string; readonly quantity: number }
  | { readonly step: "expire" }
  | { readonly step: "wait"; readonly millis: number }

type Stocked = "TEA" | "CUP"

interface Promised {
  readonly document: string
  readonly line: string
  readonly sku: Stocked
  quantity: number
  allocated: number
  readonly expiresAt: number | null
}

const RECIPES = { TEA: { TEA: 1 }, CUP: { CUP: 1 }, SET: { TEA: 1, CUP: 2 } } as const

const partsOf = (sku: Stocked | "SET") =>
  Object.entries(RECIPES[sku]) as ReadonlyArray<[sku: Stocked, ratio: number]>

/** Takes unit after unit, each of them whole, up to a number; answers how many there were. */
const takeWhole = (left: Record<Stocked, number>, sku: Stocked | "SET", wanted: number): number => {
  const parts = partsOf(sku)
  let units = 0
  while (units < wanted && parts.every(([part, ratio]) => left[part] >= ratio)) {
    for (const [part, ratio] of parts) left[part] -= ratio
    units++
  }
  return units
}

/** What promises of stock do to figures, with plain numbers and no store: the oracle of the histories. */
export class PromiseModel {
  private now = 0
  private readonly onHand = new Map<Stocked, number>()
  private promised: Array<Promised> = []
  private readonly known = new Set<string>()

  /** The outcome that a step must have: `done`, or the tag of its refusal. */
  apply(step: ModelStep): string {
    switch (step.step) {
      case "receive":
        this.onHand.set(step.sku, (this.onHand.get(step.sku) ?? 0) + step.quantity)
        return "done"
      case "commit":
        return this.commit(step)
      case "wait":
        this.now += step.millis
        return "done"
      case "expire":
        this.promised = this.promised.filter((each) => !this.isOver(each))
        return "done"
      case "shrink":
        return this.shrink(step)
      case "release":
      case "deallocate":
      case "allocate":
      case "dispatch":
        return this.refusal(step.document) ?? this.change(step)
    }
  }

  pools() {
    return Object.fromEntries(
      [...this.onHand].map(([sku, onHand]) => {
        const committed = this.committed(sku)
        return [sku, { onHand, sellable: onHand, committed, uncommitted: onHand - committed }]
      }),
    )
  }

  pending() {
    return this.promised.map(({ document, line, sku, quantity, allocated }) => ({
      document,
      line,
      sku,
      quantity,
      allocated,
    }))
  }

  private commit({
    document,
    lines,
    policy,
    lives,
  }: ModelStep & { readonly step: "commit" }): string {
    const left = { TEA: this.available("TEA"), CUP: this.available("CUP") }
    const grants = lines.map(({ sku, quantity }) => takeWhole(left, sku, quantity))
    if (policy === "whole" && grants.some((units, place) => units < (lines[place]?.quantity ?? 0)))
      return "InsufficientStock"
    const expiresAt = lives === null ? null : this.now + lives
    for (const [place, { sku }] of lines.entries()) {
      const granted = grants[place] ?? 0
      if (granted === 0) continue
      this.known.add(document)
      for (const [part, ratio] of partsOf(sku)) {
        const quantity = granted * ratio
        const line = String(place + 1)
        this.promised.push({ document, line, sku: part, quantity, allocated: 0, expiresAt })
      }
    }
    return "done"
  }

  private change(step: Extract<ModelStep, { readonly document: string }>): string {
    const mine = this.promised.filter(({ document }) => document === step.document)
    switch (step.step) {
      case "release":
        this.drop(mine)
        return "done"
      case "deallocate":
        for (const each of mine) each.allocated = 0
        return "done"
      case "allocate":
        return this.allocate(mine)
      case "dispatch":
        return this.dispatch(
          mine.filter(({ allocated }) => allocated > 0),
          step.rest,
        )
      default:
        throw new Error(step.step)
    }
  }

  private allocate(mine: ReadonlyArray<Promised>): string {
    if (mine.some((each) => this.isOver(each))) return "CommitmentResolved"
    for (const each of mine.toSorted(byLine)) {
      const free = (this.onHand.get(each.sku) ?? 0) - this.pinned(each.sku)
      each.allocated += Math.min(each.quantity - each.allocated, free)
    }
    return "done"
  }

  private dispatch(leaving: ReadonlyArray<Promised>, rest: "keep" | "release"): string {
    if (leaving.length === 0) return "NotAllocated"
    if (leaving.some((each) => this.isOver(each))) return "CommitmentResolved"
    this.drop(leaving)
    for (const each of leaving) {
      this.onHand.set(each.sku, (this.onHand.get(each.sku) ?? 0) - each.allocated)
      each.quantity -= each.allocated
      each.allocated = 0
      // What is kept is a new promise: it is the youngest from now on.
      if (each.quantity > 0 && rest === "keep") this.promised.push(each)
    }
    return "done"
  }

  private shrink({ document, quantity }: ModelStep & { readonly step: "shrink" }): string {
    const oldest = this.promised.find((each) => each.document === document)
    if (oldest === undefined || oldest.quantity < quantity) return "done"
    oldest.allocated -= Math.min(oldest.allocated, quantity)
    oldest.quantity -= quantity
    if (oldest.quantity === 0) this.drop([oldest])
    return "done"
  }

  private refusal(document: string): string | undefined {
    if (this.promised.some((each) => each.document === document)) return undefined
    return this.known.has(document) ? "CommitmentResolved" : "NotFound"
  }

  private drop(gone: ReadonlyArray<Promised>): void {
    this.promised = this.promised.filter((each) => !gone.includes(each))
  }

  private isOver({ expiresAt }: Promised): boolean {
    return expiresAt !== null && expiresAt <= this.now
  }

  private committed(sku: Stocked): number {
    return this.of(sku).reduce((sum, { quantity }) => sum + quantity, 0)
  }

  private pinned(sku: Stocked): number {
    return this.of(sku).reduce((sum, { allocated }) => sum + allocated, 0)
  }

  private available(sku: Stocked): number {
    return (this.onHand.get(sku) ?? 0) - this.committed(sku)
  }

  private of(sku: Stocked): ReadonlyArray<Promised> {
    return this.promised.filter((each) => each.sku === sku)
  }
}

const byLine = (a: Promised, b: Promised): number =>
  a.line < b.line ? -1 : a.line > b.line ? 1 : 0
