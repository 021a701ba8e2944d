import { AuthenticationError, VectronClient } from "@vectron/node";
import { expect, it } from "vitest";
import { embed } from "../src/embed.ts";
import { startRecipeServer } from "../src/server.ts";

it("finds the recipe of some ingredients, and asks for the key", async () => {
  const server = await startRecipeServer(0, "local-key");
  const client = new VectronClient({ host: server.grpcAddress, apiKey: "local-key" });
  const stranger = new VectronClient({ host: server.grpcAddress });
  try {
    const [nearest] = await client.search("recipes", { vector: embed("tomato, basil and cheese")! });
    expect(nearest).toMatchObject({ id: "Caprese", payload: { ingredients: "tomatoes, cheese, basil" } });
    await expect(stranger.listCollections()).rejects.toThrow(AuthenticationError);
  } finally {
    await Promise.all([client.close(), stranger.close()]);
    await server.close();
  }
});
