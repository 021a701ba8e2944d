import { refuseUnknownKeys, requireNumber, requireObject } from "../data/checks.ts";

/** A second copy of a read, sent when the first is slow. */
export interface HedgeOptions {
  /** How long the first copy has before the second is sent, in milliseconds. Default 75. */
  readonly delayMs?: number | undefined;
}

/** Hedge options with every default filled in; undefined: no hedging. */
export type HedgePolicy = { readonly delayMs: number } | undefined;

/** The delay of a client that asked for hedging and named none. */
export const DEFAULT_HEDGE_DELAY_MS = 75;

/** Checks the option: `true` means its defaults, `false` none. */
export function resolveHedge(argument: string, option: HedgeOptions | boolean): HedgePolicy {
  if (option === false) return undefined;
  if (option === true) return { delayMs: DEFAULT_HEDGE_DELAY_MS };
  requireObject(argument, option);
  refuseUnknownKeys(argument, option, ["delayMs"]);
  if (option.delayMs === undefined) return { delayMs: DEFAULT_HEDGE_DELAY_MS };
  return { delayMs: requireNumber(`${argument}.delayMs`, option.delayMs, 0, 3_600_000) };
}
