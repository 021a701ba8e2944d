import { channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import { refusedAddress } from "@vectron/fixtures";
import { expect, onTestFinished, test } from "vitest";
import {
  AuthClient,
  type CallEndMessage,
  type CallObserver,
  UnavailableError,
  VectronClient,
} from "../src/index.ts";
import { startSearchServer } from "./support/vectron-server.ts";

const NAMES = [
  "vectron:call:start",
  "vectron:attempt:start",
  "vectron:attempt:end",
  "vectron:call:end",
] as const;

/** Everything that is published until the test has finished, in its order. */
function listen(names: readonly string[] = NAMES): { name: string; message: unknown }[] {
  const published: { name: string; message: unknown }[] = [];
  for (const name of names) {
    const onMessage = (message: unknown) => void published.push({ name, message });
    subscribe(name, onMessage);
    onTestFinished(() => void unsubscribe(name, onMessage));
  }
  return published;
}

function open(host: string, options: { observers?: CallObserver[] } = {}): VectronClient {
  const client = new VectronClient({
    host,
    apiKey: "a-secret-token",
    retry: { initialDelayMs: 1 },
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

test("a call is published from its start to its end", async () => {
  const published = listen();
  const server = await startSearchServer(() => [{ results: [], queryId: "" }]);
  await open(server.address).search("docs", { vector: [1, 2] });
  expect(published.map(({ name }) => name)).toEqual(NAMES);
  const call = expect.objectContaining({ method: "Search", collection: "docs", endpoint: server.address });
  expect(published.map(({ message }) => message)).toEqual([
    { call },
    { call, attempt: { number: 1, hedge: false } },
    { call, attempt: expect.objectContaining({ number: 1, code: "OK" }) },
    { call, result: expect.objectContaining({ error: undefined }) },
  ]);
});

test("a call that fails is published with its attempts and its error, and without its token", async () => {
  const published = listen();
  const error = await open(await refusedAddress())
    .listCollections()
    .catch((reason) => reason);
  expect(error).toBeInstanceOf(UnavailableError);
  expect(published.filter(({ name }) => name === "vectron:attempt:end")).toHaveLength(3);
  const last = published.at(-1)?.message as CallEndMessage;
  expect(last.result.error).toBe(error);
  expect(JSON.stringify(published)).not.toContain("a-secret-token");
});

test("the auth service's calls are published too", async () => {
  const published = listen(["vectron:call:start"]);
  const auth = new AuthClient({ host: await refusedAddress() });
  onTestFinished(() => auth.close());
  await auth.login({ email: "ada@example.com", password: "Corr3ct-horse" }).catch(() => {});
  expect(published).toMatchObject([{ message: { call: { method: "Login" } } }]);
});

test("an observer of the client's own is told as well", async () => {
  const published = listen(["vectron:call:start"]);
  const observed: string[] = [];
  const client = open(await refusedAddress(), {
    observers: [{ callStarted: ({ requestId }) => void observed.push(requestId) }],
  });
  await client.listCollections().catch(() => {});
  expect(published).toMatchObject([{ message: { call: { requestId: observed[0] } } }]);
});

test("observers that are no list are refused by name", () => {
  const observers = "none" as unknown as CallObserver[];
  expect(() => new VectronClient({ host: "localhost", observers })).toThrow(/^observers must be/);
});

test("a subscriber may come after the client, and hears of the calls from then on", async () => {
  const server = await startSearchServer(() => [{ results: [], queryId: "" }]);
  const client = open(server.address);
  await client.search("docs", { vector: [1, 2] });
  expect(NAMES.map((name) => channel(name).hasSubscribers)).toEqual([false, false, false, false]);
  const published = listen(["vectron:call:end"]);
  await client.search("docs", { vector: [1, 2] });
  expect(published).toHaveLength(1);
});
