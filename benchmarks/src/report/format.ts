import type { Spread } from "../harness/spread.ts";
import type { Unit } from "./section-report.ts";

/** A figure with three digits that count, and separators of thousands. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

export function formatValue(value: number, unit: Unit): string {
  return unit === "x" ? `${formatNumber(value)}x` : `${formatNumber(value)} ${unit}`;
}

/** A median with its quartiles; alone where all samples are the same. */
export function formatSpread({ median, lower, upper }: Spread, unit?: Unit): string {
  const middle = unit === undefined ? formatNumber(median) : formatValue(median, unit);
  return lower === upper ? middle : `${middle} (${formatNumber(lower)}–${formatNumber(upper)})`;
}
