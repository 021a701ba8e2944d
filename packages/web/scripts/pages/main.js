import { VectronClient } from "@vectron/web";

const client = new VectronClient({ baseUrl: "https://vectors.example.com", apiKey: "token" });
document.title = (await client.search("docs", { vector: [1, 2, 3] }))[0].id;
