import { importCode } from "../runtime/import-code.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { TokenProvider } from "./token-provider.ts";
import type { TokenSource } from "./token-source.ts";

/** What `providedTokens` loads. */
export const importProvidedToken = () => import("./provided-token.ts");

/** A provider's tokens. What keeps and renews them is loaded by the first call, before it is sent. */
export function providedTokens(provider: TokenProvider, runtime: Runtime): TokenSource {
  let source: TokenSource | undefined;
  const load = async () => {
    const { ProvidedToken } = await importCode(importProvidedToken);
    source ??= new ProvidedToken(provider, runtime);
    return source;
  };
  return {
    token: (signal, wait) =>
      source === undefined ? load().then((loaded) => loaded.token(signal, wait)) : source.token(signal, wait),
    sendsToken: true,
    renewable: true,
  };
}
