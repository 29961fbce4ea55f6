package io.trencadis.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the build keeps: which way modules point, how far libraries reach, which calls are banned.
class HouseRulesTest {
  private static final List<String> MODULES =
      List.of("storage", "txn", "sharding", "planner", "wire-protocol", "cli");
  private static final Map<String, String> BANNED = new LinkedHashMap<>();

  static {
    BANNED.put("System.nanoTime(", "take a Clock in the constructor");
    BANNED.put("System.currentTimeMillis(", "take a Clock in the constructor");
    BANNED.put("Instant.now(", "take a Clock in the constructor");
    BANNED.put(".printStackTrace(", "log it, or throw it on");
    BANNED.put("new Random(", "take the random generator of Outside");
    BANNED.put("Math.random(", "take the random generator of Outside");
    BANNED.put("// TO" + "DO", "do it, or write an issue");
    BANNED.put("// FIX" + "ME", "fix it, or write an issue");
  }

  private static final int LONG_FILE = 600;
  private static final int LONGEST_FILE = 1000;

  private static JavaClasses classes;

  @BeforeAll
  static void load() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.trencadis");
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("storage")) ? here : here.getParent();
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : MODULES) {
      Path folder = root().resolve(module).resolve("src/main/java");
      if (Files.exists(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }
      }
    }
    return sources;
  }

  @Test
  void modulesPointDownwards() {
    slices()
        .matching("io.trencadis.(storage|base|txn|sharding|sql|wire|cli)..")
        .should()
        .beFreeOfCycles()
        .check(classes);
  }

  /// Each package of the storage module for itself.
  private static final class StoragePackages implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return type.getPackageName().matches("io\\.trencadis\\.(storage|base)(\\..*)?")
          ? SliceIdentifier.of(type.getPackageName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "packages of storage";
    }
  }

  @Test
  void packagesOfStorageHaveNoCycles() {
    slices().assignedFrom(new StoragePackages()).should().beFreeOfCycles().check(classes);
  }

  @Test
  void librariesStayInTheirRooms() {
    confine("org.antlr..", "io.trencadis.sql.parser..");
    confine(
        "io.netty..",
        "io.trencadis.wire..",
        "io.trencadis.cli.http..",
        "io.trencadis.sharding.rpc..");
    confine("com.alipay..", "io.trencadis.sharding.raft..");
    confine("com.google.protobuf..", "io.trencadis.sharding.raft..");
    confine("io.micrometer..", "io.trencadis.cli.metrics..");
    confine("io.prometheus..", "io.trencadis.cli.metrics..");
    confine("picocli..", "io.trencadis.cli..");
    confine("com.zaxxer..", "io.trencadis.cli.bench..");
    confine("java.lang.foreign..", "io.trencadis.storage..");
    confine(
        "io.trencadis.storage.lmdb..",
        "io.trencadis.storage.lmdb..",
        "io.trencadis.storage.tree..");
    confine("net.openhft..", "io.trencadis.storage.history..");
    confine("com.fasterxml.jackson..", "io.trencadis.sql.catalog..");
    confine("com.ibm.icu..", "io.trencadis.sql.collation..");
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAnyPackage(
            "io.trencadis.sql.execute..",
            "io.trencadis.sql.catalog..",
            "io.trencadis.sql.types..",
            "io.trencadis.sql.functions..",
            "io.trencadis.wire..",
            "io.trencadis.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.calcite..")
        .because("Calcite's trees end in planning")
        .check(classes);
  }

  private static void confine(String library, String... rooms) {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackages(rooms)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .because(library + " belongs to " + String.join(" and ", rooms))
        .allowEmptyShould(true)
        .check(classes);
  }

  @Test
  void bannedCallsHaveARemedy() throws IOException {
    List<String> offences = new ArrayList<>();
    for (Path source : sources()) {
      if (source.getFileName().toString().startsWith("Real")) {
        // The one place that reaches the outside.
        continue;
      }
      String text = Files.readString(source);
      BANNED.forEach(
          (call, remedy) -> {
            if (text.contains(call)) {
              offences.add(root().relativize(source) + ": " + call + " — " + remedy);
            }
          });
    }
    assertEquals(List.of(), offences);
  }

  @Test
  void everyPackageSaysWhatLivesThere() throws IOException {
    List<String> silent = new ArrayList<>();
    for (Path source : sources()) {
      Path sign = source.resolveSibling("package-info.java");
      if (!Files.exists(sign) || !Files.readString(sign).startsWith("///")) {
        silent.add(root().relativize(source.getParent()).toString());
      }
    }
    assertEquals(List.of(), silent.stream().distinct().toList());
  }

  @Test
  void noLineIsLongerThan120Characters() throws IOException {
    List<String> offences = new ArrayList<>();
    for (Path source : sources()) {
      List<String> lines = Files.readAllLines(source);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).length() > 120) {
          offences.add(root().relativize(source) + ":" + (i + 1));
        }
      }
    }
    assertEquals(List.of(), offences);
  }

  @Test
  void longFilesAreNamedAndNoneIsPast1000Lines() throws IOException {
    List<String> report = new ArrayList<>();
    List<String> offences = new ArrayList<>();
    for (Path source : sources()) {
      int lines = Files.readAllLines(source).size();
      String line = "%5d %s".formatted(lines, root().relativize(source));
      if (lines > LONG_FILE) {
        report.add(line);
      }
      if (lines > LONGEST_FILE) {
        offences.add(line + " — one idea a file: split it");
      }
    }
    report.sort(Comparator.reverseOrder());
    Files.write(Files.createDirectories(Path.of("target")).resolve("long-files.txt"), report);
    assertEquals(List.of(), offences);
  }
}
