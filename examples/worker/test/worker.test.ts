import { startRecipeServer } from "@vectron-examples/recipes/server";
import { expect, it } from "vitest";
import { startLocalWorker } from "../src/local-worker.ts";

it("answers from inside workerd", async () => {
  const server = await startRecipeServer(0, "recipes");
  const worker = await startLocalWorker(0, server.httpUrl!);
  try {
    const url = await worker.ready;
    const found = (await (await fetch(new URL("?q=tomato,basil,cheese", url))).json()) as unknown[];
    expect(found).toHaveLength(5);
    expect(found[0]).toMatchObject({ id: "Caprese" });
    expect((await fetch(url)).status).toBe(400);
  } finally {
    await worker.dispose();
    await server.close();
  }
});
