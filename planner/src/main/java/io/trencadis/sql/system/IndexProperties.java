package io.trencadis.sql.system;

import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.TableDescriptor;
import java.util.Locale;

/// What indexes can do, as `pg_index…_has_property` tell: all of them are ordered.
final class IndexProperties {
  private IndexProperties() {}

  static Boolean call(String prosrc, Object[] args, Reading reading) {
    String property = ((String) args[args.length - 1]).toLowerCase(Locale.ROOT);
    int oid = (int) (long) (Long) args[0];
    if (prosrc.equals("pg_indexam_has_property")) {
      return switch (property) {
        case "can_order", "can_unique", "can_multi_col", "can_include" -> oid == Oids.BTREE;
        case "can_exclude" -> false;
        default -> null;
      };
    }
    TableDescriptor table = reading.catalog().tableOfIndex(oid);
    if (table == null) {
      return null;
    }
    if (prosrc.equals("pg_index_has_property")) {
      return switch (property) {
        case "index_scan", "backward_scan" -> true;
        case "clusterable", "bitmap_scan" -> false;
        default -> null;
      };
    }
    IndexDescriptor index = RegNames.index(table, oid);
    int position = (Integer) args[1];
    if (position < 1 || position > index.parts().size() + index.included().size()) {
      return null;
    }
    KeyPart part = position <= index.parts().size() ? index.parts().get(position - 1) : null;
    return switch (property) {
      case "asc" -> part == null ? null : (Boolean) !part.descending();
      case "desc" -> part == null ? null : (Boolean) part.descending();
      case "nulls_first" -> part == null ? null : (Boolean) part.nullsFirst();
      case "nulls_last" -> part == null ? null : (Boolean) !part.nullsFirst();
      case "orderable", "search_array", "search_nulls" -> part != null;
      case "distance_orderable" -> false;
      case "returnable" -> true;
      default -> null;
    };
  }
}
