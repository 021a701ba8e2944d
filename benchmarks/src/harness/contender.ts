import type { RoundCost } from "./round-cost.ts";

/** Something that is measured against others doing the same. */
export interface Contender {
  readonly name: string;
  run(operations: number): Promise<RoundCost>;
  close(): Promise<void>;
}
