package io.trencadis.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/// Signals that mean something else here than to the JVM: SIGHUP, by which operators have a server
/// read its configuration again, and those that end it, where the second hurries the first.
///
/// The class that takes signals is in the JDK for all to use, but has no successor yet and so makes
/// the compiler warn: it is called by its name.
final class Signals {
  private Signals() {}

  /// Runs the action at each signal of that name from now on, on a thread of its own.
  ///
  /// @param name without SIG
  /// @return false where there is no such signal, or the JVM keeps it to itself
  static boolean onEach(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object handling =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      action.run();
                      yield null;
                    }
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "the handler of SIG" + name;
                  });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
      return true;
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException noSuchSignal) {
      return false;
    }
  }
}
