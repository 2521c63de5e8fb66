import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrow's JDBC driver against a Flight SQL server: {@code SqlChecks HOST PORT} prints a line of JSON a check.
 *
 * <p>Rows are those of the server's tables and their types. The driver takes a query for an update where a prepared statement has
 * no schema, as those of Arrow's example in Go, so that its results cannot be had, with the proxy and without it.
 */
public final class SqlChecks {
  private SqlChecks() {}

  public static void main(String[] arguments) throws Exception {
    String url = "jdbc:arrow-flight-sql://" + arguments[0] + ":" + arguments[1] + "/?useEncryption=false";
    try (Connection connection = DriverManager.getConnection(url)) {
      Report.check("error of a wrong query", () -> wrongQuery(connection));
      Report.check("tables", () -> tables(connection));
      Report.check("table types", () -> tableTypes(connection));
    }
  }

  private static void wrongQuery(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT x FROM nowhere");
    } catch (SQLException error) {
      Report.equal(String.valueOf(error.getMessage()).contains("no such table: nowhere"), true);
      return;
    }
    throw new AssertionError("the query did not fail");
  }

  private static void tables(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet tables = connection.getMetaData().getTables(null, null, "intTable", null)) {
      while (tables.next()) names.add(tables.getString("TABLE_NAME"));
    }
    Report.equal(names, List.of("intTable"));
  }

  private static void tableTypes(Connection connection) throws SQLException {
    List<String> types = new ArrayList<>();
    try (ResultSet results = connection.getMetaData().getTableTypes()) {
      while (results.next()) types.add(results.getString(1));
    }
    Report.equal(types.contains("table"), true);
  }
}
