package io.trencadis.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/// SIGHUP, by which operators have a server read its configuration again. The JVM would end.
///
/// The class that takes signals is in the JDK for all to use, but has no successor yet and so makes
/// the compiler warn: it is called by its name.
final class Hangup {
  private Hangup() {}

  /// Runs the action at each SIGHUP from now on; does nothing where there is no such signal.
  static void onEach(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object handling =
          Proxy.newProxyInstance(
              Hangup.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      action.run();
                      yield null;
                    }
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "the handler of SIGHUP";
                  });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), handling);
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException noSuchSignal) {
      // pg_reload_conf() does the same.
    }
  }
}
