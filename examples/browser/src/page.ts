import { CancelledError, type SearchResult, VectronClient, VectronError } from "@vectron/web";
import { embed } from "@vectron-examples/recipes/embed";

// Another origin than the page's: what is sent is what the server's CORS rules allow.
const baseUrl = import.meta.env.VITE_VECTRON_URL ?? "http://127.0.0.1:8080";
// A page shows what it holds to its user: the key of a server on this machine here, a token of that user elsewhere.
const client = new VectronClient({ baseUrl, apiKey: "local-key" });

const input = element("ingredients", HTMLInputElement);
const message = element("message", HTMLElement);
const list = element("results", HTMLElement);

let searching: AbortController | undefined;

/** Searches for what is typed. A search that is still under way when more is typed is cancelled. */
async function search(): Promise<void> {
  searching?.abort();
  searching = new AbortController();
  const vector = embed(input.value);
  if (vector === undefined) return show([], "None of these is in the list of ingredients.");
  try {
    show(await client.search("recipes", { vector, topK: 5 }, { signal: searching.signal }));
  } catch (error) {
    if (error instanceof CancelledError) return;
    if (!(error instanceof VectronError)) throw error;
    show([], `${error.name}: ${error.message}`);
  }
}

function show(results: readonly SearchResult[], text = ""): void {
  message.textContent = text;
  list.replaceChildren(...results.map(toItem));
}

function toItem({ id, score, payload }: SearchResult): HTMLLIElement {
  const item = document.createElement("li");
  item.textContent = `${id}: ${payload?.ingredients} (${(1 - score).toFixed(2)})`;
  return item;
}

function element<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`the page has no ${type.name} with the id ${id}`);
}

input.addEventListener("input", () => void search());
void search();
