package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.Types;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The code of PostgreSQL's built-in functions, registered by `prosrc`, the internal name that
/// tells overloads apart. SQL-language functions, which have none, are registered by `#` and their
/// oid.
public final class Builtins {
  /// Makes a function's code for one call, where that depends on the argument types.
  @FunctionalInterface
  public interface Binder {
    Fn bind(ResolvedCall call);
  }

  private Builtins() {}

  /// What a family of functions registers itself in.
  public static final class Registry {
    private final Map<String, Object> code = new HashMap<>();

    Registry() {}

    Map<String, Object> code() {
      return code;
    }

    private void put(String source, Object implementation) {
      if (code.put(source, implementation) != null) {
        throw new IllegalStateException("registered twice: " + source);
      }
    }

    public void fn0(String source, Fn0 fn) {
      put(source, fn);
    }

    public void fn1(String source, Fn1 fn) {
      put(source, fn);
    }

    public void fn2(String source, Fn2 fn) {
      put(source, fn);
    }

    public void fn3(String source, Fn3 fn) {
      put(source, fn);
    }

    public void fnN(String source, FnN fn) {
      put(source, fn);
    }

    public void bound(String source, Binder binder) {
      put(source, binder);
    }

    /// Functions that [EvalContext#catalogFunction] answers.
    public void catalog(String... sources) {
      for (String source : sources) {
        fnN(source, (args, cx) -> cx.catalogFunction(source, args));
      }
    }
  }

  /// The `prosrc` of every function that [EvalContext#catalogFunction] is asked for.
  public static Set<String> catalogFunctions() {
    return Families.CATALOG.code().keySet();
  }

  private static String key(ProcInfo proc) {
    return proc.source() != null ? proc.source() : "#" + proc.oid();
  }

  /// Whether a function can be run (set-returning functions and aggregates are elsewhere).
  public static boolean isSupported(ProcInfo proc) {
    return Families.find(key(proc), proc) != null;
  }

  /// The code of a call. Arguments are passed one by one, each of the type that `argTypes` says; a
  /// variadic array is packed here.
  ///
  /// @throws SqlException 0A000 if PostgreSQL has the function and we do not
  public static Fn bind(ResolvedCall call) {
    Object known = Families.find(key(call.proc()), call.proc());
    if (known == null) {
      throw SqlException.notSupported(
          "function " + FunctionResolver.signature(call.proc().name(), call.argTypes(), List.of()));
    }
    Fn collated = call.collation() == null ? null : CollatedFunctions.bind(call);
    Fn fn =
        collated != null ? collated : known instanceof Fn code ? code : ((Binder) known).bind(call);
    return call.packedFrom() < 0 ? fn : packing(fn, call);
  }

  private static Fn packing(Fn fn, ResolvedCall call) {
    int from = call.packedFrom();
    PgType element = call.argTypes().get(from);
    boolean strict = call.proc().strict();
    FnN packed =
        (args, cx) -> {
          Object[] passed = Arrays.copyOf(args, from + 1);
          for (int i = 0; strict && i < from; i++) {
            if (passed[i] == null) {
              return null;
            }
          }
          passed[from] = SqlArray.of(element, Arrays.copyOfRange(args, from, args.length));
          return fn.invoke(passed, cx);
        };
    return packed;
  }

  /// The code of an internal function by its `prosrc`, for callers that have no call to resolve;
  /// null if there is none or it depends on argument types.
  public static Fn byName(String source) {
    return Families.find(source, null) instanceof Fn fn ? fn : null;
  }

  /// The comparison function of a type's default B-tree order, as `btint4cmp` is.
  static int compare(PgType type, Object a, Object b) {
    return (type == Types.UNKNOWN ? Types.TEXT : type).codec().compare(a, b);
  }
}
