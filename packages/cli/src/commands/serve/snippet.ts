import type { VectronServer } from "@vectron/local";

interface SnippetFacts {
  readonly server: VectronServer;
  readonly hasToken: boolean;
  readonly hasTls: boolean;
}

/** A program to paste that calls the server, and a command that does. */
export function snippet({ server, hasToken, hasTls }: SnippetFacts): string {
  const key = hasToken ? ', apiKey: "YOUR_TOKEN"' : "";
  const tls = hasTls ? ", tls: true" : "";
  const flags = `--host ${server.grpcAddress}${hasTls ? " --tls" : ""}${hasToken ? " --api-key YOUR_TOKEN" : ""}`;
  return `  import { VectronClient } from "@vectron/node";

  const client = new VectronClient({ host: "${server.grpcAddress}"${key}${tls} });
  console.log(await client.listCollections());
  await client.close();

  $ vectron import docs.jsonl --collection docs --create --distance cosine ${flags}`;
}
