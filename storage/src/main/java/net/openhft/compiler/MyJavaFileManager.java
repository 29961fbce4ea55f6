package net.openhft.compiler;

/// Named in signatures only; there are no instances.
public class MyJavaFileManager {
  private MyJavaFileManager() {}
}
