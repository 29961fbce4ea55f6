package io.trencadis.sql.types;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.encoding.KeyReader;
import io.trencadis.storage.encoding.KeyWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// `jsonb`. Rows hold its text; keys hold, for each value, its rank, then the number of its parts
/// before the parts themselves, which is what its order looks at first.
final class JsonbCodec extends TypeCodec {
  // The last: an array that is one for the look of the order only, see compare.
  private static final int ARRAY = 5;
  private static final int OBJECT = 6;

  private static int rank(Json value) {
    return switch (value) {
      case Json.Null _ -> 1;
      case Json.Str _ -> 2;
      case Json.Num _ -> 3;
      case Json.Bool _ -> 4;
      case Json.Arr _ -> ARRAY;
      case Json.Obj _ -> OBJECT;
    };
  }

  @Override
  public Object parse(String text, int typmod, TypeContext cx) {
    return Json.parse(text);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    return ((Json) value).text();
  }

  @Override
  public Object readBinary(ByteReader in, int length) {
    return Json.parse(VersionedText.read(in, length, "jsonb version number "));
  }

  @Override
  public void writeBinary(Object value, ByteWriter out) {
    VersionedText.write(((Json) value).text(), out);
  }

  /// PostgreSQL keeps a lone scalar as an array of one element. Its order shows it: such a scalar
  /// sorts among arrays, after the empty one and before those of one element.
  @Override
  public int compare(Object a, Object b) {
    Json left = (Json) a;
    Json right = (Json) b;
    if (!left.isContainer() && right instanceof Json.Arr array) {
      return array.items().isEmpty() ? 1 : -1;
    }
    if (!right.isContainer() && left instanceof Json.Arr array) {
      return array.items().isEmpty() ? -1 : 1;
    }
    return order(left, right);
  }

  private static int order(Json a, Json b) {
    int byRank = Integer.compare(rank(a), rank(b));
    if (byRank != 0) {
      return byRank;
    }
    return switch (a) {
      case Json.Null _ -> 0;
      case Json.Str string -> text(string.value(), ((Json.Str) b).value());
      case Json.Num number -> number.value().compareTo(((Json.Num) b).value());
      case Json.Bool bool -> Boolean.compare(bool.value(), ((Json.Bool) b).value());
      case Json.Arr array -> arrays(array.items(), ((Json.Arr) b).items());
      case Json.Obj object -> objects(object.members(), ((Json.Obj) b).members());
    };
  }

  private static int text(String a, String b) {
    return Types.TEXT.codec().compare(a, b);
  }

  private static int arrays(List<Json> a, List<Json> b) {
    int order = Integer.compare(a.size(), b.size());
    for (int i = 0; order == 0 && i < a.size(); i++) {
      order = order(a.get(i), b.get(i));
    }
    return order;
  }

  private static int objects(Map<String, Json> a, Map<String, Json> b) {
    int order = Integer.compare(a.size(), b.size());
    Iterator<Map.Entry<String, Json>> others = b.entrySet().iterator();
    for (Map.Entry<String, Json> member : a.entrySet()) {
      if (order != 0) {
        return order;
      }
      Map.Entry<String, Json> other = others.next();
      order = text(member.getKey(), other.getKey());
      if (order == 0) {
        order = order(member.getValue(), other.getValue());
      }
    }
    return order;
  }

  @Override
  public long hash(Object value) {
    return mix(value.hashCode());
  }

  @Override
  public void encodeKey(Object value, KeyWriter out) {
    Json json = (Json) value;
    if (json instanceof Json.Obj) {
      encode(json, out);
      return;
    }
    // Arrays and lone scalars: number of elements, then whether it is a real array.
    boolean array = json instanceof Json.Arr;
    List<Json> items = json instanceof Json.Arr real ? real.items() : List.of(json);
    out.putRaw(new byte[] {ARRAY});
    out.putInt(items.size());
    out.putBoolean(array);
    for (Json item : items) {
      encode(item, out);
    }
  }

  private static void encode(Json json, KeyWriter out) {
    out.putRaw(new byte[] {(byte) rank(json)});
    switch (json) {
      case Json.Null _ -> {}
      case Json.Str string -> out.putText(string.value());
      case Json.Num number -> NumericKeys.encode(number.value(), out);
      case Json.Bool bool -> out.putBoolean(bool.value());
      case Json.Arr array -> {
        out.putInt(array.items().size());
        for (Json item : array.items()) {
          encode(item, out);
        }
      }
      case Json.Obj object -> {
        out.putInt(object.members().size());
        object
            .members()
            .forEach(
                (key, member) -> {
                  out.putText(key);
                  encode(member, out);
                });
      }
    }
  }

  @Override
  public Object decodeKey(KeyReader in) {
    int rank = in.getRawByte();
    if (rank == OBJECT) {
      return decode(rank, in);
    }
    int size = in.getInt();
    boolean array = in.getBoolean();
    List<Json> items = decodeItems(size, in);
    return array ? new Json.Arr(items) : items.getFirst();
  }

  private static List<Json> decodeItems(int size, KeyReader in) {
    List<Json> items = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      items.add(decode(in.getRawByte(), in));
    }
    return items;
  }

  private static Json decode(int rank, KeyReader in) {
    switch (rank) {
      case 1:
        return Json.NULL;
      case 2:
        return new Json.Str(in.getText());
      case 3:
        return new Json.Num(NumericKeys.decode(in));
      case 4:
        return new Json.Bool(in.getBoolean());
      case ARRAY:
        return new Json.Arr(decodeItems(in.getInt(), in));
      case OBJECT:
        Map<String, Json> members = Json.newMembers();
        int size = in.getInt();
        for (int i = 0; i < size; i++) {
          String key = in.getText();
          members.put(key, decode(in.getRawByte(), in));
        }
        return new Json.Obj(members);
      default:
        throw new IllegalStateException("jsonb key rank " + rank);
    }
  }

  /// Numbers lose their scale.
  @Override
  public boolean keyKeepsLooks() {
    return false;
  }

  @Override
  public void encodeRow(Object value, ByteWriter out) {
    out.putUtf8(((Json) value).text());
  }

  @Override
  public Object decodeRow(byte[] row, int offset, int length) {
    return Json.parse(new String(row, offset, length, StandardCharsets.UTF_8));
  }
}
