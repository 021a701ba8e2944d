import { refuseUnknownKeys, requireNumber, requireObject } from "../data/checks.ts";

/** A second copy of a read, sent when the first is slow. It counts as an attempt of `retry.maxAttempts`. */
export interface HedgeOptions {
  /** How long the first copy has before the second is sent, in milliseconds. Default 75. */
  readonly delayMs?: number | undefined;
}

/** Hedge options with every default filled in; undefined: no hedging. */
export type HedgePolicy = { readonly delayMs: number } | undefined;

/** The delay of a client that asked for hedging and named none. */
const DEFAULT_HEDGE_DELAY_MS = 75;

/** Checks the option and lays it over `base`: `true` means hedging, with what is known of it; `false` none. */
export function resolveHedge(
  argument: string,
  option: HedgeOptions | boolean,
  base: HedgePolicy = undefined,
): HedgePolicy {
  if (option === false) return undefined;
  const fallback = base ?? { delayMs: DEFAULT_HEDGE_DELAY_MS };
  if (option === true) return fallback;
  requireObject(argument, option);
  refuseUnknownKeys(argument, option, ["delayMs"]);
  if (option.delayMs === undefined) return fallback;
  return { delayMs: requireNumber(`${argument}.delayMs`, option.delayMs, 0, 3_600_000) };
}
