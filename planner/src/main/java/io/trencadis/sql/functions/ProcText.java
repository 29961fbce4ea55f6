package io.trencadis.sql.functions;

import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.Types;
import java.util.List;

/// Functions described as `\df` prints them.
final class ProcText {
  private ProcText() {}

  static String result(long oid) {
    ProcInfo proc = PgCatalog.function((int) oid);
    if (proc == null || proc.kind() == 'p') {
      return null;
    }
    if (proc.argModes() != null && proc.argModes().indexOf('t') >= 0) {
      StringBuilder out = new StringBuilder("TABLE(");
      List<String> names = proc.outputNames();
      int[] types = proc.outputTypes();
      for (int i = 0; i < types.length; i++) {
        out.append(i == 0 ? "" : ", ").append(Identifiers.quote(names.get(i))).append(' ');
        out.append(Types.formatType(types[i], -1));
      }
      return out.append(')').toString();
    }
    return (proc.returnsSet() ? "SETOF " : "") + Types.byOid(proc.resultType()).displayName();
  }

  static String arguments(long oid, boolean withDefaults) {
    ProcInfo proc = PgCatalog.function((int) oid);
    if (proc == null) {
      return null;
    }
    int[] types = proc.allArgTypes() == null ? proc.argTypes() : proc.allArgTypes();
    int inputs = proc.argTypes().length;
    int input = 0;
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < types.length; i++) {
      char mode = proc.argModes() == null ? 'i' : proc.argModes().charAt(i);
      if (mode == 't' || (mode == 'o' && !withDefaults && proc.kind() != 'p')) {
        continue;
      }
      out.append(out.isEmpty() ? "" : ", ");
      out.append(
          mode == 'o'
              ? "OUT "
              : mode == 'b'
                  ? "INOUT "
                  : mode == 'v' ? "VARIADIC " : proc.isProcedure() ? "IN " : "");
      String name = proc.argNames() == null ? "" : proc.argNames().get(i);
      if (!name.isEmpty()) {
        out.append(Identifiers.quote(name)).append(' ');
      }
      out.append(Types.byOid(types[i]).displayName());
      if (mode != 'o') {
        input++;
        int defaultIndex = input - 1 - (inputs - proc.defaults().size());
        if (withDefaults && defaultIndex >= 0) {
          out.append(" DEFAULT ").append(proc.defaults().get(defaultIndex));
        }
      }
    }
    return out.toString();
  }

  static String argumentDefault(long oid, int argument) {
    ProcInfo proc = PgCatalog.function((int) oid);
    if (proc == null) {
      return null;
    }
    int index = argument - 1 - (proc.argTypes().length - proc.defaults().size());
    return index >= 0 && index < proc.defaults().size() ? proc.defaults().get(index) : null;
  }
}
