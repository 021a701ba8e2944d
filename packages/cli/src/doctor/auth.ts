import { AuthenticationError, PermissionDeniedError, VectronError } from "@vectron/core";
import { type Check, type Finding, failed, ok, warning } from "./finding.ts";
import type { RemotePatient } from "./patient.ts";
import { examineToken, type TokenKind } from "./token.ts";

/** The server takes the token. */
export const authCheck: Check<RemotePatient> = {
  name: "auth",
  needs: ["HTTP/2", "HTTP"],
  async run({ client, stranger, target, signal }) {
    const token = examineToken(target.apiKey);
    try {
      await client.listCollections({ signal });
    } catch (error) {
      return refused(error, token);
    }
    const asks = await asksForToken(stranger, signal);
    const soon = endsSoon(token);
    if (soon !== undefined) return soon;
    const data = { token: token.kind, serverAsksForToken: asks };
    if (token.kind === "none") return ok("the server asks for no token", data);
    if (!asks) return ok("the server asks for no token; the one that was sent is not needed", data);
    return ok(`the token is accepted${describeLife(token)}`, data);
  },
};

function refused(error: unknown, token: TokenKind): Finding {
  if (!VectronError.isInstance(error)) throw error;
  if (error instanceof PermissionDeniedError) {
    return failed(error.message, "the account may not do this: use another token");
  }
  if (!(error instanceof AuthenticationError)) {
    return failed(error.message, "the server answers, but not as it should: look at its logs", {
      code: error.code,
    });
  }
  return failed(error.message, adviceFor(token), { token: token.kind });
}

function adviceFor(token: TokenKind): string {
  if (token.kind === "none") return "pass a token: --api-key, VECTRON_API_KEY, or `vectron auth login`";
  if (token.kind === "api-key") {
    return "this is an API key, and gateways take tokens only: `vectron auth token --key PREFIX` gets one for it";
  }
  if (token.kind === "opaque")
    return "this is no JSON Web Token, as a cluster wants: check that it was copied whole";
  if (token.expiresMs !== undefined && token.expiresMs < Date.now()) {
    return `the token ended at ${new Date(token.expiresMs).toISOString()}: get a new one (\`vectron auth login\`)`;
  }
  return "the token has not ended, so its signature is of another cluster, or its API key was deleted: get a new one from this cluster's auth service";
}

async function asksForToken(stranger: RemotePatient["stranger"], signal: AbortSignal): Promise<boolean> {
  try {
    await stranger?.listCollections({ signal });
    return false;
  } catch (error) {
    return error instanceof AuthenticationError;
  }
}

const HOUR_MS = 3_600_000;

function endsSoon(token: TokenKind): Finding | undefined {
  if (token.kind !== "jwt" || token.expiresMs === undefined) return undefined;
  const hours = (token.expiresMs - Date.now()) / HOUR_MS;
  if (hours >= 1) return undefined;
  const advice = "get a new one soon, or let a program renew its own with sdkToken()";
  return warning(`the token is accepted, for ${Math.max(0, Math.round(hours * 60))} minutes yet`, advice);
}

function describeLife(token: TokenKind): string {
  if (token.kind !== "jwt") return "";
  const whose = token.apiKeyPrefix === undefined ? "a login" : `API key ${token.apiKeyPrefix}`;
  const until = token.expiresMs === undefined ? "" : `, until ${new Date(token.expiresMs).toISOString()}`;
  return ` (of ${whose}${until})`;
}
