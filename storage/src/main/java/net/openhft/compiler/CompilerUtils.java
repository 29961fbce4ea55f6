package net.openhft.compiler;

/// The place where Chronicle's value classes look for a compiler.
public final class CompilerUtils {
  public static final CachedCompiler CACHED_COMPILER = new CachedCompiler();

  private CompilerUtils() {}
}
