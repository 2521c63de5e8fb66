/** Prints what became of checks, a line of JSON each. */
final class Report {
  private Report() {}

  /** A check, which throws where something is wrong. */
  interface Check {
    void run() throws Exception;
  }

  static void check(String name, Check check) {
    String error = "";
    try {
      check.run();
    } catch (Throwable thrown) {
      error = thrown.toString();
    }
    System.out.println("{\"check\": " + quote(name) + ", \"error\": " + quote(error) + "}");
  }

  static void equal(Object actual, Object expected) {
    if (!actual.equals(expected)) throw new AssertionError("not " + expected + ", but " + actual);
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char letter : text.toCharArray()) {
      boolean isPlain = letter >= ' ' && letter != '"' && letter != '\\';
      quoted.append(isPlain ? String.valueOf(letter) : String.format("\\u%04x", (int) letter));
    }
    return quoted.append('"').toString();
  }
}
