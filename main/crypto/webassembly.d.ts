// The part of the WebAssembly interface that the SHA-256 module needs. Node has it; its types leave
// it to the DOM's, which this project does not load.
export {};

declare global {
  namespace WebAssembly {
    class Module {
      constructor(bytes: Uint8Array<ArrayBuffer>);
    }
    class Instance {
      constructor(module: Module);
      readonly exports: Record<string, unknown>;
    }
  }
}
