package io.trencadis.sql.types;

/// Writes a jsonpath as its output function does.
final class JsonPathText {
  private final StringBuilder out;

  JsonPathText(StringBuilder out) {
    this.out = out;
  }

  /// @param inPath whether steps come before it, so that a key needs its dot
  /// @param brackets whether an operator is put in parentheses
  void write(JsonPath.Item item, boolean inPath, boolean brackets) {
    switch (item.kind()) {
      case NULL -> out.append("null");
      case BOOL -> out.append(item.value());
      case NUMBER -> {
        out.append(item.next() != null ? "(" : "").append(item.value());
        out.append(item.next() != null ? ")" : "");
      }
      case STRING -> Json.quote(item.text(), out);
      case VARIABLE -> Json.quote(item.text(), out.append('$'));
      case ROOT -> out.append('$');
      case CURRENT -> out.append('@');
      case LAST -> out.append("last");
      case NOT -> argument("!(", item, ")");
      case IS_UNKNOWN -> argument("(", item, ") is unknown");
      case EXISTS -> argument("exists (", item, ")");
      case FILTER -> argument("?(", item, ")");
      case KEY -> Json.quote(item.text(), out.append(inPath ? "." : ""));
      case ANY_KEY -> out.append(inPath ? ".*" : "*");
      case ANY_ITEM -> out.append("[*]");
      case SUBSCRIPTS -> subscripts(item);
      case ANY_LEVEL -> levels(item, inPath);
      case METHOD -> out.append('.').append(item.text()).append("()");
      case DATETIME -> {
        out.append(".datetime(");
        if (item.left() != null) {
          write(item.left(), false, false);
        }
        out.append(')');
      }
      default -> operator(item, brackets);
    }
    if (item.next() != null) {
      write(item.next(), true, true);
    }
  }

  private void argument(String before, JsonPath.Item item, String after) {
    out.append(before);
    write(item.left(), false, false);
    out.append(after);
  }

  private void operator(JsonPath.Item item, boolean brackets) {
    out.append(brackets ? "(" : "");
    if (item.kind() == JsonPath.Kind.PLUS || item.kind() == JsonPath.Kind.MINUS) {
      out.append(item.kind().symbol());
      operand(item.left(), item);
    } else if (item.value() instanceof JsonPath.Like like) {
      operand(item.left(), item);
      Json.quote(like.source(), out.append(" like_regex "));
      if (!like.flags().isEmpty()) {
        out.append(" flag \"").append(like.flags()).append('"');
      }
    } else {
      operand(item.left(), item);
      out.append(' ').append(item.kind().symbol()).append(' ');
      operand(item.right(), item);
    }
    out.append(brackets ? ")" : "");
  }

  private void operand(JsonPath.Item operand, JsonPath.Item of) {
    write(operand, false, operand.kind().priority() <= of.kind().priority());
  }

  private void subscripts(JsonPath.Item item) {
    String separator = "[";
    for (JsonPath.Subscript subscript : item.subscripts()) {
      out.append(separator);
      write(subscript.from(), false, false);
      if (subscript.to() != null) {
        out.append(" to ");
        write(subscript.to(), false, false);
      }
      separator = ",";
    }
    out.append(']');
  }

  private void levels(JsonPath.Item item, boolean inPath) {
    JsonPath.Levels levels = (JsonPath.Levels) item.value();
    out.append(inPath ? ".**" : "**");
    if (levels.first() == 0 && levels.last() == JsonPath.Levels.LEAVES) {
      return;
    }
    out.append('{').append(level(levels.first()));
    if (levels.first() != levels.last()) {
      out.append(" to ").append(level(levels.last()));
    }
    out.append('}');
  }

  private static String level(long level) {
    return level == JsonPath.Levels.LEAVES ? "last" : Long.toString(level);
  }
}
