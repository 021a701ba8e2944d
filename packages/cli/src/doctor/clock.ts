import { type Check, failed, ok, skipped, warning } from "./finding.ts";
import type { RemotePatient } from "./patient.ts";
import { examineToken } from "./token.ts";

/** What a stock gateway allows a token's times to be off. */
const LEEWAY_MS = 5_000;
/** HTTP dates are whole seconds, and the answer took time. */
const TOLERANCE_MS = 2_000;

/** This machine's clock agrees with the server's and with the token's. */
export const clockCheck: Check<RemotePatient> = {
  name: "clock",
  needs: ["HTTP/2", "HTTP"],
  async run({ target, clockSkewMs }) {
    const token = examineToken(target.apiKey);
    const aheadMs =
      token.kind === "jwt" && token.issuedMs !== undefined ? token.issuedMs - Date.now() : undefined;
    if (aheadMs !== undefined && aheadMs > LEEWAY_MS) {
      const by = `${Math.round(aheadMs / 1_000)} s`;
      return failed(
        `the token was issued ${by} from now: this machine's clock is slow by that at least, or the auth service's is fast`,
        "set the clocks by NTP (timedatectl set-ntp true)",
        { tokenIssuedAheadMs: aheadMs },
      );
    }
    if (clockSkewMs === undefined) {
      return aheadMs === undefined
        ? skipped("the server tells no time, and there is no token with one")
        : ok("the token was issued in the past, as this clock has it; the server tells no time");
    }
    const seconds = (clockSkewMs / 1_000).toFixed(1);
    const data = { skewMs: Math.round(clockSkewMs) };
    if (Math.abs(clockSkewMs) <= LEEWAY_MS + TOLERANCE_MS)
      return ok(`within ${LEEWAY_MS / 1_000} s of the server's`, data);
    return warning(
      `the server's clock is ${seconds} s from this one's: tokens may end early or not be good yet`,
      "set both clocks by NTP (timedatectl set-ntp true)",
      data,
    );
  },
};
