import { startRecipeServer } from "./server.ts";

const server = await startRecipeServer(8080, "recipes");
console.log(`recipes at ${server.httpUrl}, API key "recipes"; Ctrl+C ends it`);
process.once("SIGINT", () => void server.close());
