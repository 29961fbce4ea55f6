package io.trencadis.storage.lmdb;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/// The functions of the native library.
///
/// All are called through one shape, five 64-bit arguments and a 64-bit result, since the linker
/// spends tens of milliseconds on each shape it meets. That is sound for the functions used: none
/// takes more than five arguments, all arguments are integers or pointers, none is variadic. In the
/// calling conventions of x86-64 and AArch64 such arguments travel in registers (the fifth on
/// Windows in a slot of eight bytes that the caller removes), a callee looks only at the ones it
/// declares and only at the low half of an `int`, and for one that returns `int` the upper half of
/// the result means nothing: [#check] cuts it off.
@SuppressWarnings("restricted") // the jar's manifest grants access to native code
final class Lmdb {
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;

  private static final SymbolLookup SYMBOLS = NativeLibrary.load();

  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.of(WORD, WORD, WORD, WORD, WORD, WORD));

  static final MemorySegment ENV_CREATE = symbol("mdb_env_create");
  static final MemorySegment ENV_OPEN = symbol("mdb_env_open");
  static final MemorySegment ENV_CLOSE = symbol("mdb_env_close");
  static final MemorySegment ENV_COPY = symbol("mdb_env_copy2");
  static final MemorySegment ENV_INFO = symbol("mdb_env_info");
  static final MemorySegment ENV_STAT = symbol("mdb_env_stat");
  static final MemorySegment ENV_SET_MAPSIZE = symbol("mdb_env_set_mapsize");
  static final MemorySegment ENV_SET_MAXDBS = symbol("mdb_env_set_maxdbs");
  static final MemorySegment ENV_SET_MAXREADERS = symbol("mdb_env_set_maxreaders");
  static final MemorySegment TXN_BEGIN = symbol("mdb_txn_begin");
  static final MemorySegment TXN_COMMIT = symbol("mdb_txn_commit");
  static final MemorySegment TXN_ABORT = symbol("mdb_txn_abort");
  static final MemorySegment TXN_RESET = symbol("mdb_txn_reset");
  static final MemorySegment TXN_RENEW = symbol("mdb_txn_renew");
  static final MemorySegment TXN_ID = symbol("mdb_txn_id");
  static final MemorySegment DBI_OPEN = symbol("mdb_dbi_open");
  static final MemorySegment STAT = symbol("mdb_stat");
  static final MemorySegment GET = symbol("mdb_get");
  static final MemorySegment PUT = symbol("mdb_put");
  static final MemorySegment DEL = symbol("mdb_del");
  static final MemorySegment CURSOR_OPEN = symbol("mdb_cursor_open");
  static final MemorySegment CURSOR_CLOSE = symbol("mdb_cursor_close");
  static final MemorySegment CURSOR_RENEW = symbol("mdb_cursor_renew");
  static final MemorySegment CURSOR_GET = symbol("mdb_cursor_get");
  static final MemorySegment CURSOR_PUT = symbol("mdb_cursor_put");
  static final MemorySegment CURSOR_DEL = symbol("mdb_cursor_del");
  private static final MemorySegment STRERROR = symbol("mdb_strerror");

  /// All memory of the process: LMDB answers with addresses inside its map.
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Lmdb() {}

  private static MemorySegment symbol(String name) {
    return SYMBOLS
        .find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError("LMDB's library has no function " + name));
  }

  static long call(MemorySegment function, long a, long b, long c, long d, long e) {
    try {
      return (long) CALL.invokeExact(function, a, b, c, d, e);
    } catch (Throwable thrown) {
      throw new AssertionError("a call of native code throws nothing", thrown);
    }
  }

  static long call(MemorySegment function, long a) {
    return call(function, a, 0, 0, 0, 0);
  }

  static int code(MemorySegment function, long a, long b, long c, long d, long e) {
    return (int) call(function, a, b, c, d, e);
  }

  /// Calls a function that answers 0 on success.
  ///
  /// @throws LmdbException on any other answer
  static void check(String name, MemorySegment function, long a, long b, long c, long d, long e) {
    int code = code(function, a, b, c, d, e);
    if (code != 0) {
      throw failure(name, code);
    }
  }

  /// As above, for functions that answer "not found" in the ordinary course of things.
  ///
  /// @return whether it was found
  static boolean found(
      String name, MemorySegment function, long a, long b, long c, long d, long e) {
    int code = code(function, a, b, c, d, e);
    if (code == 0) {
      return true;
    }
    if (code == LmdbException.NOT_FOUND) {
      return false;
    }
    throw failure(name, code);
  }

  static LmdbException failure(String name, int code) {
    long text = call(STRERROR, code);
    String message = text == 0 ? "error " + code : MEMORY.getString(text);
    return new LmdbException(name, code, message);
  }

  /// Where the remaining bytes of a direct buffer begin.
  static long address(ByteBuffer direct) {
    return MemorySegment.ofBuffer(direct).address();
  }
}
