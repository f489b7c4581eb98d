// Runs inside Electron, on its main thread and in a worker of it: asks each crypto engine, and the
// primitives of a machine without vectors, all known questions, and prints what it found as one
// JSON line.
import { getCiphers } from 'node:crypto';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { chooseCryptoEngine, engineLoaders } from '../../main/crypto/choose.ts';
import { createHostPrimitives, hostFeatures } from '../../main/crypto/host-primitives.ts';
import { failedPrimitives } from '../../main/crypto/self-test.ts';
import { monotonicMs } from '../../main/system.ts';
import { nobleEngine } from '../../shared/crypto-noble.ts';

const startedAt = monotonicMs();
const { engine, refused } = await chooseCryptoEngine();
const chosenMs = Math.round(monotonicMs() - startedAt);
const failed: Record<string, readonly string[]> = {};
for (const { name, load } of engineLoaders) failed[name] = await failedPrimitives(await load());
const features = hostFeatures();
// What is taken where WebAssembly has no vectors: node:crypto's AES, which is BoringSSL's here.
const slower = { ...nobleEngine, ...createHostPrimitives({ ...features, vectors: false }) };
const failedWithoutVectors = await failedPrimitives(slower);
const found = { chosen: engine.name, refused, failed, features, failedWithoutVectors };

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.on('message', (inWorker: unknown) => {
    const electron = process.versions['electron'];
    const hasChaCha20 = getCiphers().includes('chacha20');
    const line = { electron, hasChaCha20, chosenMs, inMain: found, inWorker };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    void worker.terminate();
  });
} else {
  parentPort?.postMessage(found);
}
