package io.trencadis.sql.types;

/// `int2vector` and `oidvector`: arrays that count from 0 and print as numbers between blanks.
final class VectorCodec extends ArrayCodec {
  VectorCodec(PgType type) {
    super(type.elementType());
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    java.util.List<Object> elements = new java.util.ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      if (Scan.isSpace(text.charAt(at))) {
        at++;
        continue;
      }
      int end = at;
      while (end < text.length() && !Scan.isSpace(text.charAt(end))) {
        end++;
      }
      elements.add(element.codec().parse(text.substring(at, end), -1, cx));
      at = end;
    }
    return new SqlArray(element, new int[] {elements.size()}, new int[] {0}, elements.toArray());
  }

  @Override
  public String format(Object value, TypeContext cx) {
    StringBuilder out = new StringBuilder();
    for (Object each : ((SqlArray) value).elements()) {
      out.append(out.length() == 0 ? "" : " ").append(each);
    }
    return out.toString();
  }
}
