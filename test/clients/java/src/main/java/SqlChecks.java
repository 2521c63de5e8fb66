import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrow's JDBC driver against a Flight SQL server: {@code SqlChecks HOST PORT [PARAMETERS]} prints a line of JSON a check.
 */
public final class SqlChecks {
  private static final String QUERY = "SELECT keyName, value FROM intTable WHERE value IS NOT NULL ORDER BY id";

  private SqlChecks() {}

  public static void main(String[] arguments) throws Exception {
    String url = "jdbc:arrow-flight-sql://" + arguments[0] + ":" + arguments[1] + "/?useEncryption=false";
    if (arguments.length > 2) url += "&" + arguments[2];
    try (Connection connection = DriverManager.getConnection(url)) {
      Report.check("query", () -> query(connection));
      Report.check("prepared query", () -> preparedQuery(connection));
      Report.check("update", () -> update(connection));
      Report.check("error of a wrong query", () -> wrongQuery(connection));
      Report.check("tables", () -> tables(connection));
      Report.check("table types", () -> tableTypes(connection));
    }
  }

  private static void query(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUERY)) {
      Report.equal(valuesOf(rows), List.of("one=1", "zero=0", "negative one=-1"));
    }
  }

  private static void preparedQuery(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
      Report.equal(statement.getMetaData().getColumnCount(), 2);
      try (ResultSet rows = statement.executeQuery()) {
        Report.equal(valuesOf(rows), List.of("one=1", "zero=0", "negative one=-1"));
      }
    }
  }

  private static List<String> valuesOf(ResultSet rows) throws SQLException {
    List<String> values = new ArrayList<>();
    while (rows.next()) values.add(rows.getString("keyName") + "=" + rows.getLong("value"));
    return values;
  }

  private static void update(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      Report.equal(statement.executeUpdate("INSERT INTO foreignTable (foreignName, value) VALUES ('keyFour', 4)"), 1);
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
