import type { TokenProvider, TokenRequest } from "../../src/index.ts";
import { fail, type Script } from "../../src/testing/index.ts";
import { type Bench, type BenchOptions, bench as plainBench, QUERY } from "../support.ts";

/** A bench whose transport keeps the tokens that it was sent. */
export const bench = (script: Script, options: BenchOptions) =>
  plainBench(script, { ...options, transport: { keepToken: true, ...options.transport } });

export const sent = ({ transport }: Bench) =>
  transport.calls.map(({ headers }) => headers.authorization?.slice("Bearer ".length));

export const search = ({ client }: Bench) => client.search("docs", QUERY);

export const REFUSED = fail("UNAUTHENTICATED", { message: "invalid or expired token" });

/** A provider that numbers its tokens, and what it was asked. */
export function numbering(
  make: (number: number) => { afterMs?: number; lifeMs?: number; fails?: unknown },
  bench: () => Bench,
): { readonly provider: TokenProvider; readonly requests: TokenRequest[] } {
  const requests: TokenRequest[] = [];
  return {
    requests,
    provider: async (request) => {
      requests.push(request);
      const number = requests.length;
      const { afterMs = 0, lifeMs, fails } = make(number);
      if (afterMs > 0) await bench().clock.sleep(afterMs);
      if (fails !== undefined) throw fails;
      const token = `token-${number}`;
      return lifeMs === undefined ? token : { token, expiresAtMs: bench().clock.now() + lifeMs };
    },
  };
}
