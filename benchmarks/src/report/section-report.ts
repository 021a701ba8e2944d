import type { Spread } from "../harness/spread.ts";

/** What a section found. It is stored as JSON, and rendered from that. */
export interface SectionReport {
  readonly title: string;
  /** What was measured and how: Markdown. */
  readonly about: string;
  readonly tables: readonly Table[];
  readonly bars: readonly Bar[];
  readonly charts: readonly Chart[];
  /** What came up on the way, such as a contender that failed: Markdown, a paragraph each. */
  readonly remarks: readonly string[];
  /** Packages whose versions matter, besides this repository's own. */
  readonly packages: readonly string[];
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  /** The first cell of a row names it; the others are figures. */
  readonly rows: readonly (readonly string[])[];
}

/** Something that must hold. */
export interface Bar {
  readonly what: string;
  readonly limit: Limit;
  readonly measured: Spread;
}

export interface Limit {
  readonly kind: "at most" | "at least";
  readonly value: number;
  readonly unit: Unit;
}

/** `x` is for ratios. */
export type Unit = "x" | "MiB" | "kB" | "points/s" | "ms" | "µs" | "requests/s";

/** Figures side by side. */
export interface Chart {
  /** The name of its file, without the ending. */
  readonly name: string;
  readonly title: string;
  readonly unit: Unit;
  readonly entries: readonly ChartEntry[];
}

export interface ChartEntry {
  readonly label: string;
  readonly value: Spread;
  /** Whether it is this repository's own. */
  readonly own: boolean;
}

/** Whether what was measured holds: its median does. */
export function isMet({ limit, measured }: Bar): boolean {
  return limit.kind === "at most" ? measured.median <= limit.value : measured.median >= limit.value;
}
