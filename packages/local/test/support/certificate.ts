import { generate } from "selfsigned";

/** A certificate for 127.0.0.1, its key, and the authority that signed it, as PEM text. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

const ALGORITHM = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

export async function createCertificate(): Promise<Certificate> {
  const authority = await generate([{ name: "commonName", value: "test authority" }], {
    ...ALGORITHM,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  const { cert, private: key } = await generate([{ name: "commonName", value: "test" }], {
    ...ALGORITHM,
    ca: { cert: authority.cert, key: authority.private },
    extensions: [
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
    ],
  });
  return { cert, key, ca: authority.cert };
}
