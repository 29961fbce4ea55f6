package io.trencadis.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example's test passes, compiled as it stands there; and its JVM gets the options it needs.
class ExampleTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path EXAMPLE = ROOT.resolve("docs/examples/testing");

  @Test
  void itsTestPasses(@TempDir Path classes) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    boolean compiled;
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of(
                      "-proc:none",
                      "-d",
                      classes.toString(),
                      "-cp",
                      System.getProperty("java.class.path")),
                  null,
                  files.getJavaFileObjects(
                      EXAMPLE.resolve("src/test/java/example/OrdersTest.java")))
              .call();
    }
    assertTrue(compiled, messages::toString);
    try (URLClassLoader loader =
            new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader());
        TrencadisCluster cluster = TrencadisCluster.inProcess(3)) {
      Class<?> example = loader.loadClass("example.OrdersTest");
      var constructor = example.getDeclaredConstructor();
      constructor.setAccessible(true);
      Method test =
          example.getDeclaredMethod("ordersAreTakenWhileANodeIsDown", TrencadisCluster.class);
      test.setAccessible(true);
      test.invoke(constructor.newInstance(), cluster);
    }
  }

  @Test
  void itsJvmGetsTheOptionsThatOurTestsHave() throws Exception {
    String ours = Files.readString(ROOT.resolve("pom.xml"));
    String options =
        ours.replaceAll("(?s).*<storage.jvm.args>(.*?)</storage.jvm.args>.*", "$1").strip();
    String pom = Files.readString(EXAMPLE.resolve("pom.xml"));
    assertTrue(pom.contains(options), options);
    assertEquals(1, pom.split("<argLine>", -1).length - 1);
  }
}
