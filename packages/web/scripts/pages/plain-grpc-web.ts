import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { VectronService } from "@vectron/protobuf-reference";

// What the entry is measured against: connect-web and protobuf-es as their own documentation uses them.
const transport = createGrpcWebTransport({ baseUrl: "https://vectors.example.com", useBinaryFormat: true });
const client = createClient(VectronService, transport);
document.title = (await client.search({ collection: "docs", vector: [1, 2, 3] })).results[0]?.id ?? "";
