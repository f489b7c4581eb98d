// The part of the WebAssembly interface that our modules need. Node has it; its types leave
// it to the DOM's, which this project does not load.
export {};

declare global {
  namespace WebAssembly {
    function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
    class Module {
      constructor(bytes: Uint8Array<ArrayBuffer>);
    }
    class Instance {
      constructor(module: Module);
      readonly exports: Record<string, unknown>;
    }
  }
}
