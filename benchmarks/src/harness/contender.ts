import { costOf, type RoundCost } from "./round-cost.ts";

/** Something that is measured against others doing the same. */
export interface Contender {
  readonly name: string;
  run(operations: number): Promise<RoundCost>;
  close(): Promise<void>;
}

/** A contender in this process: an operation that ends where it returns. */
export function localContender(name: string, operation: () => unknown): Contender {
  return {
    name,
    run: (operations) =>
      costOf(operations, () => {
        for (let count = 0; count < operations; count++) operation();
      }),
    close: async () => {},
  };
}
