// For a service worker of a browser, which has no import(): what calls load on
// demand is in this one file, as a bundler puts it there.
import { type Protocol, VectronClient } from "@vectron/web";

/** Where to load some points, and over what. */
interface LoadRequest {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly protocol: Protocol;
}

/** What of a service worker is used here. */
interface ServiceWorker {
  addEventListener(type: "message", listener: (event: LoadEvent) => void): void;
}

interface LoadEvent {
  readonly data: LoadRequest;
  readonly ports: readonly { postMessage(message: unknown): void }[];
  waitUntil(work: Promise<void>): void;
}

/** Calls methods whose code is loaded on demand; returns the ids that were written. */
async function load({ protocol, ...options }: LoadRequest): Promise<unknown> {
  const client = new VectronClient({ ...options, protocol });
  try {
    const name = `from-a-service-worker-${protocol}`;
    await client.createCollection({ name, dimension: 2, distance: "cosine" });
    await client.bulkUpsert(name, [{ id: "a", vector: [1, 0] }]);
    return (await client.getMany(name, ["a", "b"])).map((point) => point?.id ?? null);
  } catch (error) {
    return String(error);
  } finally {
    await client.close();
  }
}

const worker = globalThis as unknown as ServiceWorker;
worker.addEventListener("message", (event) => {
  event.waitUntil(load(event.data).then((result) => event.ports[0]?.postMessage(result)));
});
