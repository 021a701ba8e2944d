import { VectronClient, VectronError } from "@vectron/web";
import { embed } from "@vectron-examples/recipes/embed";

/** How the worker is configured. */
interface Env {
  readonly VECTRON_URL: string;
  readonly VECTRON_API_KEY: string;
}

/** Kept from one request to the next; a client holds no connection. */
let client: VectronClient | undefined;

async function search(request: Request, env: Env): Promise<Response> {
  const vector = embed(new URL(request.url).searchParams.get("q") ?? "");
  if (vector === undefined) {
    return Response.json({ error: "name ingredients: ?q=tomato,pasta" }, { status: 400 });
  }
  client ??= new VectronClient({ baseUrl: env.VECTRON_URL, apiKey: env.VECTRON_API_KEY });
  try {
    // The caller's signal: whoever leaves cancels the search.
    const results = await client.search("recipes", { vector, topK: 5 }, { signal: request.signal });
    return Response.json(results.map(({ id, score, payload }) => ({ id, score, ...payload })));
  } catch (error) {
    if (!(error instanceof VectronError)) throw error;
    return Response.json({ error: error.message }, { status: 502 });
  }
}

// biome-ignore lint/style/noDefaultExport: a worker is its module's default export.
export default { fetch: search };
