import { type ServerCredentials as Credentials, ServerCredentials } from "@grpc/grpc-js";
import { generate } from "selfsigned";

/** A certificate with its private key, both as PEM text. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

const ALGORITHM = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

/** Makes an authority that can sign certificates. */
export async function createAuthority(name: string): Promise<Identity> {
  const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
    ...ALGORITHM,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { certificate: cert, key };
}

/** Makes a certificate for DNS names and IP addresses, signed by an authority. */
export async function issue(
  authority: Identity,
  names: { readonly dns?: readonly string[]; readonly ip?: readonly string[] },
): Promise<Identity> {
  const { cert, private: key } = await generate([{ name: "commonName", value: "test" }], {
    ...ALGORITHM,
    ca: { cert: authority.certificate, key: authority.key },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "extKeyUsage", serverAuth: true, clientAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          ...(names.dns ?? []).map((value) => ({ type: 2 as const, value })),
          ...(names.ip ?? []).map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { certificate: cert, key };
}

/** A server's credentials; with `clientAuthority`, the server asks for a client certificate of that authority. */
export function serverCredentials(identity: Identity, clientAuthority?: Identity): Credentials {
  return ServerCredentials.createSsl(
    clientAuthority === undefined ? null : Buffer.from(clientAuthority.certificate),
    [{ private_key: Buffer.from(identity.key), cert_chain: Buffer.from(identity.certificate) }],
    clientAuthority !== undefined,
  );
}
