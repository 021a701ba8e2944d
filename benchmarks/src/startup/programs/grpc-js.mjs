import { Client, credentials, Metadata } from "@grpc/grpc-js";

const client = new Client(process.argv[2], credentials.createInsecure());
const metadata = new Metadata();
metadata.set("authorization", "Bearer benchmark-token");
const asItIs = (bytes) => bytes;
const options = { deadline: Date.now() + 10_000 };
const path = "/vectron.v1.VectronService/ListCollections";
client.makeUnaryRequest(path, asItIs, asItIs, Buffer.alloc(0), metadata, options, (error) => {
  if (error) throw error;
  const { user, system } = process.cpuUsage();
  process.stdout.write(JSON.stringify({ wallMs: performance.now(), cpuMs: (user + system) / 1_000 }));
  client.close();
});
