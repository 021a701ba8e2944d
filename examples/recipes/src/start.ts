import { startRecipeServer } from "./server.ts";

const server = await startRecipeServer(8080, "local-key");
console.log(`recipes at ${server.httpUrl}, API key "local-key"; Ctrl+C ends it`);
process.once("SIGINT", () => void server.close());
