import { Builder, ByteBuffer, type Offset } from "flatbuffers";
import { Block } from "apache-arrow/fb/block";
import { Footer } from "apache-arrow/fb/footer";
import { MetadataVersion } from "apache-arrow/fb/metadata-version";
import { encodeSchemaTable } from "./encode-schema.ts";
import { FlightError } from "../flight/index.ts";
import { decodeSchemaTable, type Schema } from "./schema.ts";

/** The position of a message in an IPC file. */
export interface IpcFileBlock {
  /** From the start of the file, in bytes. */
  readonly byteOffset: number;
  /** Of the header with its prefix and padding. */
  readonly headerByteLength: number;
  /** Of the body with its padding. */
  readonly bodyByteLength: number;
}

/** The footer of an IPC file, with the positions of its batches. */
export interface IpcFileFooter {
  readonly schema: Schema;
  readonly dictionaries: readonly IpcFileBlock[];
  readonly batches: readonly IpcFileBlock[];
}

/** Encodes the flatbuffer `Footer` of an IPC file. */
export function encodeIpcFooter({ schema, dictionaries, batches }: IpcFileFooter): Uint8Array {
  const builder = new Builder(1024);
  const table = encodeSchemaTable(builder, schema);
  Footer.startRecordBatchesVector(builder, batches.length);
  const batchBlocks = endBlocks(builder, batches);
  Footer.startDictionariesVector(builder, dictionaries.length);
  const dictionaryBlocks = endBlocks(builder, dictionaries);
  Footer.startFooter(builder);
  Footer.addVersion(builder, MetadataVersion.V5);
  Footer.addSchema(builder, table);
  Footer.addDictionaries(builder, dictionaryBlocks);
  Footer.addRecordBatches(builder, batchBlocks);
  Footer.finishFooterBuffer(builder, Footer.endFooter(builder));
  return builder.asUint8Array().slice();
}

function endBlocks(builder: Builder, blocks: readonly IpcFileBlock[]): Offset {
  for (const { byteOffset, headerByteLength, bodyByteLength } of blocks.toReversed()) {
    Block.createBlock(builder, BigInt(byteOffset), headerByteLength, BigInt(bodyByteLength));
  }
  return builder.endVector();
}

/**
 * Decodes the flatbuffer `Footer` of an IPC file. Does not check whether its blocks are inside the file.
 *
 * @throws FlightError INVALID_ARGUMENT if the bytes are not a footer, or as `decodeSchema`
 */
export function decodeIpcFooter(bytes: Uint8Array): IpcFileFooter {
  try {
    const footer = Footer.getRootAsFooter(new ByteBuffer(bytes));
    const table = footer.schema();
    if (table === null) throw new FlightError("invalid_argument", "the Arrow file has no schema in its footer");
    return {
      schema: decodeSchemaTable(table),
      dictionaries: toBlocks(footer.dictionariesLength(), (i) => footer.dictionaries(i)),
      batches: toBlocks(footer.recordBatchesLength(), (i) => footer.recordBatches(i)),
    };
  } catch (reason) {
    if (reason instanceof FlightError) throw reason;
    throw new FlightError("invalid_argument", "the footer of the Arrow file cannot be read", { cause: reason });
  }
}

function toBlocks(count: number, blockAt: (index: number) => Block | null): IpcFileBlock[] {
  return Array.from({ length: count }, (_, index) => {
    const block = blockAt(index);
    if (block === null) throw new FlightError("invalid_argument", `the Arrow file has no block ${index}`);
    return {
      byteOffset: Number(block.offset()),
      headerByteLength: block.metaDataLength(),
      bodyByteLength: Number(block.bodyLength()),
    };
  });
}
