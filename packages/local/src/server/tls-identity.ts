import { createSecureContext } from "node:tls";
import { InvalidArgumentError } from "@vectron/core";
import type { ServerTls } from "./server-options.ts";

/** The `tls` option, checked. */
export interface TlsIdentity {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * Reads the `tls` option.
 *
 * @throws InvalidArgumentError when it is no certificate with its key; never showing the key
 */
export function readTls(option: ServerTls | undefined): TlsIdentity | undefined {
  if (option === undefined) return undefined;
  if (typeof option !== "object" || option === null) {
    throw new InvalidArgumentError("tls must be an object with cert and key");
  }
  for (const name of Object.keys(option)) {
    if (name === "cert" || name === "key") continue;
    throw new InvalidArgumentError(`tls has no property "${name}"; it has cert, key`);
  }
  const identity = { cert: readPem("tls.cert", option.cert), key: readPem("tls.key", option.key) };
  try {
    createSecureContext(identity);
  } catch (cause) {
    throw new InvalidArgumentError("tls must hold a PEM certificate as cert and its private key as key", {
      cause,
    });
  }
  return identity;
}

function readPem(name: string, value: string | Uint8Array): Buffer {
  if ((typeof value === "string" || value instanceof Uint8Array) && value.length > 0)
    return Buffer.from(value);
  throw new InvalidArgumentError(`${name} must be PEM text or its bytes`);
}
