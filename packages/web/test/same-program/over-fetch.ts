import { program } from "./program.ts";

program({ baseUrl: "https://vectors.example.com", protocol: "json" });
// @ts-expect-error: an option of the other package
program({ host: "localhost:8081" });
