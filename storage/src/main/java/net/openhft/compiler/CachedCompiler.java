package net.openhft.compiler;

import java.util.function.Consumer;
import java.util.function.Function;
import javax.tools.StandardJavaFileManager;

/// Compiles nothing. Its members are those that Chronicle's value classes use.
public final class CachedCompiler {
  /// Assigned by the library; never read.
  public volatile Function<StandardJavaFileManager, MyJavaFileManager> fileManagerOverride;

  CachedCompiler() {}

  /// Does nothing: there is no file manager.
  public void updateFileManagerForClassLoader(
      ClassLoader loader, Consumer<MyJavaFileManager> update) {}

  /// @throws ClassNotFoundException always: a class that is not shipped does not exist
  public Class<?> loadFromJava(ClassLoader loader, String className, String source)
      throws ClassNotFoundException {
    throw new ClassNotFoundException(className + " would have to be compiled at run time");
  }
}
