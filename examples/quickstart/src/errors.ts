import { VectronClient as CoreClient } from "@vectron/core";
import { fail, ScriptedTransport } from "@vectron/core/testing";
import {
  AlreadyExistsError,
  AuthenticationError,
  InternalServerError,
  InvalidArgumentError,
  NotFoundError,
  VectronClient,
  VectronError,
} from "@vectron/node";

/** Provokes each of the errors that the Python client has, and catches it by its class. */
export async function showErrors(client: VectronClient, grpcPort: number): Promise<void> {
  const stranger = new VectronClient({ host: `127.0.0.1:${grpcPort}`, apiKey: "wrong" });
  // The embedded server does not fail inside, so a transport with a script plays one that does.
  const failing = new CoreClient(
    new ScriptedTransport({ search: [fail("INTERNAL", { message: "out of disk" })] }),
  );

  console.log("Every failure is an error of its own class, and each is a VectronError:");
  await show(NotFoundError, () => client.get("words", "no-such-word"));
  await show(AlreadyExistsError, () => client.createCollection({ name: "words", dimension: 100 }));
  await show(InvalidArgumentError, () => client.search("words", { vector: [1, Number.NaN] }));
  await show(AuthenticationError, () => stranger.listCollections());
  await show(InternalServerError, () => failing.search("words", { vector: [1] }));
  await show(VectronError, () => client.listCollections({ timeoutMs: 0.001 }));

  await stranger.close();
  await failing.close();
}

type ErrorClass = abstract new (...args: never[]) => VectronError;

async function show(expected: ErrorClass, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof expected)) throw error;
    console.log(`  ${error.name.padEnd(22)} ${error.message}`);
    return;
  }
  throw new Error(`${expected.name} was expected`);
}
