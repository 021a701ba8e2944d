import { X509Certificate } from "node:crypto";
import { type ChannelCredentials, credentials } from "@grpc/grpc-js";
import { InvalidArgumentError, invalidArgument, refuseUnknownKeys } from "@vectron/core";

/** Certificates and keys: PEM text, or its bytes. */
export type Pem = string | Uint8Array;

/** How to secure connections. */
export interface TlsOptions {
  /** Certificates of the authorities to trust, one or several. Default: those that the runtime trusts. */
  readonly rootCertificates?: Pem | undefined;
  /** The name to ask for and to find in the server's certificate. Default: the host's. */
  readonly serverName?: string | undefined;
  /** This client's certificate, with the intermediate ones after it, for servers that ask for one (mTLS). */
  readonly clientCertificate?: Pem | undefined;
  /** The private key of `clientCertificate`. */
  readonly clientKey?: Pem | undefined;
}

const TLS_OPTION_KEYS: readonly (keyof TlsOptions)[] = [
  "rootCertificates",
  "serverName",
  "clientCertificate",
  "clientKey",
];

/** The `tls` option, checked. */
export interface TlsSettings {
  readonly credentials: ChannelCredentials;
  /** Undefined: the host's. */
  readonly serverName: string | undefined;
}

/**
 * Reads the `tls` option; undefined when connections are in clear text.
 * Certificates are parsed here, so that a wrong one is refused before the first call.
 * @throws InvalidArgumentError naming the option that is wrong; never showing a key.
 */
export function readTls(option: boolean | TlsOptions | undefined): TlsSettings | undefined {
  if (option === undefined || option === false) return undefined;
  const options = option === true ? {} : option;
  if (typeof options !== "object" || options === null) {
    throw invalidArgument("tls", option, "true, false or an object");
  }
  refuseUnknownKeys("tls", options, TLS_OPTION_KEYS);
  return { credentials: readCredentials(options), serverName: readServerName(options.serverName) };
}

function readServerName(name: string | undefined): string | undefined {
  if (name === undefined || (typeof name === "string" && name !== "")) return name;
  throw invalidArgument("tls.serverName", name, "a host name");
}

function readCredentials(options: TlsOptions): ChannelCredentials {
  const roots = readCertificates("tls.rootCertificates", options.rootCertificates);
  const certificate = readCertificates("tls.clientCertificate", options.clientCertificate);
  const key = options.clientKey === undefined ? undefined : toBuffer("tls.clientKey", options.clientKey);
  if ((certificate === undefined) !== (key === undefined)) {
    throw new InvalidArgumentError("tls.clientCertificate and tls.clientKey must be set together");
  }
  try {
    return credentials.createSsl(roots, key, certificate);
  } catch (cause) {
    throw new InvalidArgumentError("tls.clientKey must be the PEM private key of tls.clientCertificate", {
      cause,
    });
  }
}

function readCertificates(argument: string, pem: Pem | undefined): Buffer | undefined {
  if (pem === undefined) return undefined;
  const buffer = toBuffer(argument, pem);
  try {
    // OpenSSL passes over roots that it cannot read, which would end in a handshake failure hard to explain.
    new X509Certificate(buffer);
  } catch (cause) {
    throw new InvalidArgumentError(`${argument} must hold at least one PEM certificate`, { cause });
  }
  return buffer;
}

function toBuffer(argument: string, pem: Pem): Buffer {
  if (typeof pem === "string") return Buffer.from(pem);
  if (pem instanceof Uint8Array) return Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength);
  throw new InvalidArgumentError(`${argument} must be PEM text or its bytes`);
}
