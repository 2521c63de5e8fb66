import { quoteName } from "../../flight/index.ts";
import { createRegistry, toBinary, type DescFile, type DescService } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, type ServiceImpl } from "@connectrpc/connect";
import type { ServerReflection, ServerReflectionRequest } from "../../gen/grpc/reflection/v1/reflection_pb.ts";
import type { ErrorTranslator } from "../rpc/translate-errors.ts";

/** A response without the request that it repeats. */
type Answer =
  | { case: "fileDescriptorResponse"; value: { fileDescriptorProto: Uint8Array[] } }
  | { case: "listServicesResponse"; value: { service: { name: string }[] } }
  | { case: "allExtensionNumbersResponse"; value: { baseTypeName: string; extensionNumber: number[] } }
  | { case: "errorResponse"; value: { errorCode: number; errorMessage: string } };

/**
 * Implements gRPC's server reflection with the descriptors of the generated code. Source: gRPC's server reflection
 * protocol.
 *
 * @param services - all services of the server, including this one
 */
export function createReflectionService(
  services: readonly DescService[],
  translator: ErrorTranslator,
): ServiceImpl<typeof ServerReflection> {
  const files = collectFiles(services.map(({ file }) => file));
  const registry = createRegistry(...files.values());
  const fileOf = (symbol: string): DescFile | undefined => {
    // A method or field is declared in the file of its service or message.
    const found = registry.get(symbol) ?? registry.get(symbol.slice(0, symbol.lastIndexOf(".")));
    return found?.file;
  };
  const answer = ({ messageRequest: { case: kind, value } }: ServerReflectionRequest): Answer => {
    switch (kind) {
      case "listServices":
        return { case: "listServicesResponse", value: { service: services.map(({ typeName: name }) => ({ name })) } };
      case "fileByFilename":
        return describe(files.get(value), `file ${quoteName(value)}`);
      case "fileContainingSymbol":
        return describe(fileOf(value), `symbol ${quoteName(value)}`);
      case "fileContainingExtension":
        return refuse(Code.NotFound, "there are no extensions");
      case "allExtensionNumbersOfType":
        if (registry.getMessage(value) === undefined)
          return refuse(Code.NotFound, `there is no message ${quoteName(value)}`);
        return { case: "allExtensionNumbersResponse", value: { baseTypeName: value, extensionNumber: [] } };
      default:
        return refuse(Code.InvalidArgument, "the request is empty");
    }
  };
  return {
    serverReflectionInfo: (requests, context) =>
      translator.stream(context, async function* () {
        for await (const request of requests) {
          yield { validHost: request.host, originalRequest: request, messageResponse: answer(request) };
        }
      }),
  };
}

function collectFiles(roots: readonly DescFile[]): Map<string, DescFile> {
  const files = new Map<string, DescFile>();
  const collect = (file: DescFile): void => {
    if (files.has(file.proto.name)) return;
    files.set(file.proto.name, file);
    file.dependencies.forEach(collect);
  };
  roots.forEach(collect);
  return files;
}

function describe(file: DescFile | undefined, what: string): Answer {
  if (file === undefined) return refuse(Code.NotFound, `there is no ${what}`);
  const fileDescriptorProto = [...collectFiles([file]).values()].map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto } };
}

function refuse(errorCode: Code, errorMessage: string): Answer {
  return { case: "errorResponse", value: { errorCode, errorMessage } };
}
