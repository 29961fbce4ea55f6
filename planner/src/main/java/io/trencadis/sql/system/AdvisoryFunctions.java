package io.trencadis.sql.system;

import io.trencadis.sql.session.AdvisoryLocks;
import io.trencadis.sql.types.VoidValue;

/// The twenty functions that take and give back advisory locks. Their internal names say all:
/// `pg_[try_]advisory_{lock|unlock|xact_lock}[_shared]_{int8|int4}`.
final class AdvisoryFunctions {
  private AdvisoryFunctions() {}

  static Object call(String prosrc, Object[] args, AdvisoryLocks locks) {
    boolean shared = prosrc.contains("_shared_");
    AdvisoryLocks.Call call;
    if (prosrc.endsWith("_int4")) {
      call = new AdvisoryLocks.Call((Integer) args[0], (Integer) args[1], true, shared);
    } else {
      long key = (Long) args[0];
      call = new AdvisoryLocks.Call((int) (key >>> 32), (int) key, false, shared);
    }
    if (prosrc.startsWith("pg_advisory_unlock")) {
      return locks.unlock(call);
    }
    boolean wait = !prosrc.startsWith("pg_try_");
    boolean held = locks.lock(call, prosrc.contains("_xact_"), wait);
    return wait ? VoidValue.VOID : (Object) held;
  }
}
