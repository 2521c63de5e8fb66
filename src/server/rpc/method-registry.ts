import type { DescMethod, DescService, Message } from "@bufbuild/protobuf";
import {
  createConnectRouter,
  type ConnectRouter,
  type ConnectRouterOptions,
  type HandlerContext,
  type ServiceImpl,
} from "@connectrpc/connect";
import type { UniversalHandlerOptions } from "@connectrpc/connect/protocol";

/** The options of a method that Connect and native gRPC share. */
export type MethodOptions = Pick<UniversalHandlerOptions, "readMaxBytes"> & Partial<UniversalHandlerOptions>;

/** The implementation of a method of any kind, as Connect calls it. */
export type MethodImplementation = (input: Message | AsyncIterable<Message>, context: HandlerContext) => unknown;

/**
 * An implementation that gets and returns the bytes of gRPC messages with their envelopes, in chunks of any size.
 * Native gRPC calls it in place of the other one. The next chunk of the request is read when it asks for it, and it is
 * asked for the next chunk of the response when the socket has room.
 */
export type RawImplementation = (
  requests: AsyncIterable<Uint8Array>,
  context: HandlerContext,
) => AsyncIterable<Uint8Array>;

/** A method with its implementation. */
export interface RegisteredMethod {
  readonly desc: DescMethod;
  readonly implementation: MethodImplementation;
  readonly raw: RawImplementation | undefined;
  /** The maximum size of a request message in bytes. */
  readonly readBytesMax: number;
}

/** The methods of a server: for Connect's router, and by path for native gRPC. */
export class MethodRegistry {
  readonly router: ConnectRouter;
  /** Checks a call before its body is read. @throws ConnectError */
  readonly gate: (context: HandlerContext) => void | Promise<void>;
  readonly #byPath = new Map<string, RegisteredMethod>();
  readonly #readBytesMax: number;

  constructor(options: ConnectRouterOptions) {
    this.router = createConnectRouter(options);
    this.gate = options.requestGate ?? (() => {});
    this.#readBytesMax = options.readMaxBytes ?? Infinity;
  }

  /** Returns the method of a path, such as `/arrow.flight.protocol.FlightService/DoGet`. */
  find(path: string): RegisteredMethod | undefined {
    return this.#byPath.get(path);
  }

  /** Adds the methods of a service. Those that have no implementation are left to Connect. */
  addService<T extends DescService>(
    service: T,
    implementation: Partial<ServiceImpl<T>>,
    options?: Partial<UniversalHandlerOptions>,
  ): this {
    this.router.service(service, implementation, options);
    const methods = implementation as Record<string, MethodImplementation | undefined>;
    for (const desc of service.methods) {
      const method = methods[desc.localName]?.bind(implementation);
      if (method) this.#add(desc, method, options);
    }
    return this;
  }

  /** Adds one method. @param raw - answers its calls of native gRPC, if it is given */
  addMethod(
    desc: DescMethod,
    implementation: MethodImplementation,
    options: Partial<UniversalHandlerOptions>,
    raw?: RawImplementation,
  ): void {
    this.router.rpc(desc, implementation as never, options);
    this.#add(desc, implementation, options, raw);
  }

  #add(
    desc: DescMethod,
    implementation: MethodImplementation,
    { readMaxBytes = this.#readBytesMax }: Partial<UniversalHandlerOptions> = {},
    raw?: RawImplementation,
  ): void {
    this.#byPath.set(`/${desc.parent.typeName}/${desc.name}`, {
      desc,
      implementation,
      raw,
      readBytesMax: readMaxBytes,
    });
  }
}
