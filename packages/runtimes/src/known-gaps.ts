import { type KnownGap, knownGaps } from "@vectron/conformance";
import type { Cell } from "./job.ts";

/** A case that is known to fail in some of the combinations. */
export interface CellGap extends Pick<KnownGap, "id" | "reason"> {
  /** Where it fails. A part that is left out stands for all of its kind. */
  readonly where: Partial<Cell>;
}

/**
 * What fails in some of the combinations and not for want of a capability, beside
 * the gaps that the suite knows of by itself. Each is still run: one that passes
 * is a failure, so that the list stays true.
 */
const cellGaps: readonly CellGap[] = [];

/** The gaps of one combination, those of the suite included. */
export function gapsOf(cell: Cell, gaps: readonly CellGap[] = cellGaps): KnownGap[] {
  const parts = ["runtime", "transport", "backEnd"] as const;
  const own = gaps.filter(({ where }) =>
    parts.every((part) => where[part] === undefined || where[part] === cell[part]),
  );
  const general = knownGaps.filter(({ target }) => target === undefined || target === cell.transport);
  return [...general, ...own].map(({ id, reason }) => ({ id, reason }));
}
