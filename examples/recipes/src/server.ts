import { startServer, type VectronServer } from "@vectron/local";
import { VectronClient } from "@vectron/node";
import { DIMENSION, embed } from "./embed.ts";

/** What each dish is made of. */
const RECIPES: Readonly<Record<string, string>> = {
  "Apple pie": "apples, flour, butter, sugar",
  "Baked beans": "beans, tomatoes, onion, sugar",
  Brownies: "chocolate, butter, sugar, eggs, flour",
  Caprese: "tomatoes, cheese, basil",
  Carbonara: "pasta, eggs, cheese",
  "Chocolate mousse": "chocolate, cream, eggs, sugar",
  "Lemon tart": "lemons, butter, sugar, eggs, flour",
  "Macaroni cheese": "pasta, cheese, cream, butter",
  "Pasta al pomodoro": "pasta, tomatoes, basil, garlic",
  "Potato gratin": "potatoes, cream, garlic, cheese",
  Risotto: "rice, onion, butter, cheese",
  Tortilla: "potatoes, eggs, onion",
};

/** Starts the local server on an HTTP port, 0 for a free one, and fills it. */
export async function startRecipeServer(httpPort: number, apiKey: string): Promise<VectronServer> {
  const server = await startServer({ httpPort, apiKey });
  const client = new VectronClient({ host: server.grpcAddress, apiKey });
  try {
    await client.createCollection({ name: "recipes", dimension: DIMENSION, distance: "cosine" });
    const points = Object.entries(RECIPES).map(([id, ingredients]) => ({
      id,
      vector: embed(ingredients)!,
      payload: { ingredients },
    }));
    await client.upsert("recipes", points);
  } finally {
    await client.close();
  }
  return server;
}
