// For workerd: two requests to a worker that keeps its client between them. The
// first ends while the token that its call waits for is still being fetched.
import { VectronClient } from "@vectron/web";

/** What the worker is configured with. */
interface Env {
  readonly SERVER_URL: string;
  readonly TOKEN_URL: string;
}

let client: VectronClient | undefined;

function open({ SERVER_URL, TOKEN_URL }: Env): VectronClient {
  return new VectronClient({
    baseUrl: SERVER_URL,
    auth: async () => (await fetch(TOKEN_URL)).text(),
  });
}

// biome-ignore lint/style/noDefaultExport: a worker is its module's default export.
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    client ??= open(env);
    const names = client.listCollections();
    if (new URL(request.url).pathname !== "/leave") return Response.json(await names);
    // The runtime drops it with the request.
    names.catch(() => undefined);
    return new Response("left");
  },
};
