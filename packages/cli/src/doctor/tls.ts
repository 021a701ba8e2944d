import { isIP } from "node:net";
import { type ConnectionOptions, connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import type { TlsOptions } from "@vectron/node";
import type { Target } from "../connect/target.ts";
import { type Check, type Finding, failed, ok, skipped, warning } from "./finding.ts";
import type { Endpoint, RemotePatient } from "./patient.ts";
import { within } from "./within.ts";

const DAY_MS = 86_400_000;
const WARN_DAYS = 21;

/** The server's certificate is trusted, bears the right name, and is good for a while yet. */
export const tlsCheck: Check<RemotePatient> = {
  name: "TLS",
  needs: ["TCP"],
  async run({ endpoint, target }) {
    if (!endpoint.tls)
      return skipped("the connection is in clear text; --tls, or an https:// address, secures it");
    let socket: TLSSocket;
    try {
      socket = await handshake(endpoint, tlsOptionsOf(target));
    } catch (error) {
      return handshakeFailed(error as NodeJS.ErrnoException);
    }
    try {
      return examine(socket, endpoint);
    } finally {
      socket.destroy();
    }
  },
};

/** Options of Node's TLS for a target. */
export function tlsOptionsOf(target: Target): ConnectionOptions {
  const tls: TlsOptions = target.kind === "grpc" && target.tls ? target.tls : {};
  const { rootCertificates, clientCertificate, clientKey } = tls;
  return {
    ...(rootCertificates !== undefined && { ca: Buffer.from(rootCertificates) }),
    ...(clientCertificate !== undefined && { cert: Buffer.from(clientCertificate) }),
    ...(clientKey !== undefined && { key: Buffer.from(clientKey) }),
  };
}

/** Shakes hands with whatever certificate the server has. */
export async function handshake(endpoint: Endpoint, options: ConnectionOptions): Promise<TLSSocket> {
  const { host, port, serverName } = endpoint;
  const socket = connect({
    host,
    port,
    // A name to be asked for cannot be an address (RFC 6066 section 3).
    ...(isIP(serverName) ? {} : { servername: serverName }),
    ALPNProtocols: ["h2", "http/1.1"],
    rejectUnauthorized: false,
    ...options,
  });
  try {
    await within<void>("the TLS handshake", (resolve, reject) => {
      socket.once("secureConnect", () => resolve());
      socket.once("error", reject);
    });
    return socket;
  } catch (error) {
    socket.on("error", () => undefined);
    socket.destroy();
    throw error;
  }
}

function handshakeFailed(error: NodeJS.ErrnoException): Finding {
  const isClearText =
    /wrong version number|packet length too long|http request/i.test(error.message) ||
    error.code === "ECONNRESET";
  const advice = isClearText
    ? "the server seems to speak clear text: leave out --tls, or use http://"
    : /certificate required|handshake failure|alert/i.test(error.message)
      ? "the server refuses this client: it may want a certificate (--tls-cert, --tls-key)"
      : "check that the port is the server's TLS port";
  return failed(`the handshake failed: ${reasonOf(error)}`, advice, { code: error.code });
}

/** OpenSSL's own reason, without the place in its source that its message names. */
function reasonOf(error: Error & { readonly reason?: string }): string {
  return error.reason ?? error.message.trim();
}

function examine(socket: TLSSocket, { serverName }: Endpoint): Finding {
  const leaf = socket.getPeerCertificate(true);
  const chain = chainOf(leaf);
  const soonest = chain.reduce((a, b) => (Date.parse(a.valid_to) <= Date.parse(b.valid_to) ? a : b), leaf);
  const expiresMs = Date.parse(soonest.valid_to);
  const days = Math.floor((expiresMs - Date.now()) / DAY_MS);
  const names = chain.map(({ subject }) => nameOf(subject)).join(" < ");
  const facts = {
    protocol: socket.getProtocol(),
    chain: names,
    expires: new Date(expiresMs).toISOString(),
    daysLeft: days,
  };
  const seen = `${socket.getProtocol()}, chain ${names}, good until ${facts.expires.slice(0, 10)}`;
  const refused = socket.authorizationError as unknown as string | Error | null;
  if (refused) {
    const code =
      refused instanceof Error ? ((refused as NodeJS.ErrnoException).code ?? refused.message) : refused;
    return failed(`the certificate is not accepted: ${code} (${seen})`, adviceFor(code, serverName), {
      ...facts,
      code,
    });
  }
  if (days < WARN_DAYS) {
    return warning(
      `${seen}: ${days} days left`,
      `renew the certificate of ${nameOf(soonest.subject)}`,
      facts,
    );
  }
  return ok(`${seen} (${days} days)`, facts);
}

function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain = [leaf];
  for (let next = leaf.issuerCertificate; next && !chain.includes(next); next = next.issuerCertificate) {
    if (next.fingerprint256 === chain.at(-1)?.fingerprint256) break;
    chain.push(next);
  }
  return chain;
}

function nameOf(subject: DetailedPeerCertificate["subject"] | undefined): string {
  const name = subject?.CN ?? subject?.O ?? "(no name)";
  return Array.isArray(name) ? name.join(", ") : name;
}

function adviceFor(code: string, serverName: string): string {
  if (code === "CERT_HAS_EXPIRED") return "renew the server's certificate";
  if (code === "CERT_NOT_YET_VALID") return "this machine's clock is slow, or the certificate begins later";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `the certificate is not for ${serverName}: use a name that it bears, or pass it with --tls-server-name`;
  }
  if (/SELF_SIGNED|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY/.test(code)) {
    return "trust its authority with --tls-ca FILE (for https:// with NODE_EXTRA_CA_CERTS), or have the server send its intermediate certificates";
  }
  return "check the certificate and the authorities that are trusted";
}
