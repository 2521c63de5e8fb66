import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/** Arrow Flight's Java client against a server: {@code FlightChecks HOST PORT} prints a line of JSON a check. */
public final class FlightChecks {
  private static final String NAME = "java";

  private final BufferAllocator allocator;
  private final FlightClient client;

  private FlightChecks(BufferAllocator allocator, FlightClient client) {
    this.allocator = allocator;
    this.client = client;
  }

  public static void main(String[] arguments) throws Exception {
    Location location = Location.forGrpcInsecure(arguments[0], Integer.parseInt(arguments[1]));
    try (BufferAllocator allocator = new RootAllocator();
        FlightClient client = FlightClient.builder(allocator, location).build()) {
      FlightChecks checks = new FlightChecks(allocator, client);
      Report.check("put and get", checks::putAndGet);
      Report.check("list", checks::list);
      Report.check("info and schema", checks::infoAndSchema);
      Report.check("drop", checks::drop);
      Report.check("error of a missing dataset", checks::missing);
      Report.check("gets above 4 MiB", checks::large);
    }
  }

  private void putAndGet() throws Exception {
    try (VectorSchemaRoot sample = sample()) {
      put(NAME, sample, 1);
      List<String> expected = rowsOf(sample);
      Report.equal(get(NAME), expected);
    }
  }

  private void list() {
    List<String> names = new ArrayList<>();
    client.listFlights(Criteria.ALL).forEach(info -> names.addAll(info.getDescriptor().getPath()));
    Report.equal(names.contains(NAME), true);
  }

  private void infoAndSchema() {
    FlightInfo info = client.getInfo(FlightDescriptor.path(NAME));
    Report.equal(info.getRecords(), 3L);
    try (VectorSchemaRoot sample = sample()) {
      Schema schema = client.getSchema(FlightDescriptor.path(NAME)).getSchema();
      Report.equal(schema.getFields(), sample.getSchema().getFields());
      Report.equal(info.getSchemaOptional().orElseThrow().getFields(), schema.getFields());
    }
  }

  private void drop() {
    client.doAction(new Action("drop_dataset", NAME.getBytes(StandardCharsets.UTF_8))).forEachRemaining(result -> {});
    expectNotFound(() -> client.getInfo(FlightDescriptor.path(NAME)));
  }

  private void missing() {
    expectNotFound(() -> client.getSchema(FlightDescriptor.path("nowhere")));
  }

  /** Puts 40 MB in batches of 8 MB. */
  private void large() throws Exception {
    int rowCount = 1_000_000;
    int batchCount = 5;
    try (BigIntVector numbers = new BigIntVector("n", allocator)) {
      numbers.allocateNew(rowCount);
      for (int i = 0; i < rowCount; i += 1) numbers.set(i, i);
      numbers.setValueCount(rowCount);
      put("java-large", VectorSchemaRoot.of(numbers), batchCount);
    }
    long count = 0;
    try (FlightStream stream = open("java-large")) {
      while (stream.next()) {
        BigIntVector numbers = (BigIntVector) stream.getRoot().getVector("n");
        for (int i = 0; i < numbers.getValueCount(); i += 1, count += 1) {
          if (numbers.get(i) != count % rowCount) throw new AssertionError("row " + count + " differs");
        }
      }
    }
    Report.equal(count, (long) rowCount * batchCount);
  }

  private VectorSchemaRoot sample() {
    BigIntVector numbers = new BigIntVector("n", allocator);
    numbers.allocateNew(3);
    numbers.set(0, 1);
    numbers.setNull(1);
    numbers.set(2, 3);
    numbers.setValueCount(3);
    VarCharVector words = new VarCharVector("s", allocator);
    words.allocateNew();
    words.setSafe(0, "a".getBytes(StandardCharsets.UTF_8));
    words.setSafe(1, "ß".getBytes(StandardCharsets.UTF_8));
    words.setNull(2);
    words.setValueCount(3);
    return VectorSchemaRoot.of(numbers, words);
  }

  private void put(String name, VectorSchemaRoot root, int times) throws Exception {
    AsyncPutListener answers = new AsyncPutListener();
    FlightClient.ClientStreamListener stream = client.startPut(FlightDescriptor.path(name), root, answers);
    for (int i = 0; i < times; i += 1) {
      while (!stream.isReady()) Thread.sleep(1);
      stream.putNext();
    }
    stream.completed();
    stream.getResult();
  }

  private FlightStream open(String name) {
    FlightInfo info = client.getInfo(FlightDescriptor.path(name));
    return client.getStream(info.getEndpoints().get(0).getTicket());
  }

  private List<String> get(String name) throws Exception {
    List<String> rows = new ArrayList<>();
    try (FlightStream stream = open(name)) {
      while (stream.next()) rows.addAll(rowsOf(stream.getRoot()));
    }
    return rows;
  }

  private static List<String> rowsOf(VectorSchemaRoot root) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < root.getRowCount(); i += 1) {
      int row = i;
      List<String> cells = new ArrayList<>();
      root.getFieldVectors().forEach(vector -> cells.add(String.valueOf(vector.getObject(row))));
      rows.add(String.join(", ", cells));
    }
    return rows;
  }

  private static void expectNotFound(Runnable call) {
    try {
      call.run();
    } catch (FlightRuntimeException error) {
      Report.equal(error.status().code(), FlightStatusCode.NOT_FOUND);
      return;
    }
    throw new AssertionError("the call did not fail");
  }
}
