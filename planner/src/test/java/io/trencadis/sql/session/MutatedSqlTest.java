package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Statements with pieces of others in them: whatever they mean, the engine answers with rows or
/// with an error that names its SQLSTATE, and goes on. `-Dseed=…` replays a run,
/// `-Dfuzz.statements=…` makes it longer.
class MutatedSqlTest {
  private static final int STATEMENTS = Integer.getInteger("fuzz.statements", 4_000);

  private static List<String> corpus() throws IOException {
    List<String> statements = new ArrayList<>();
    for (String file : List.of("queries", "changes")) {
      try (InputStream in = MutatedSqlTest.class.getResourceAsStream("/sql/" + file + ".sql")) {
        new String(in.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(l -> !l.isBlank())
            .forEach(statements::add);
      }
    }
    return statements;
  }

  private static String mutated(List<String> corpus, SplittableRandom random) {
    List<String> words = new ArrayList<>(List.of(words(corpus, random)));
    String[] others = words(corpus, random);
    for (int i = random.nextInt(1, 3); i > 0; i--) {
      int at = random.nextInt(words.size());
      switch (random.nextInt(3)) {
        case 0 -> words.set(at, others[random.nextInt(others.length)]);
        case 1 -> words.add(at, others[random.nextInt(others.length)]);
        default -> {
          if (words.size() > 1) {
            words.remove(at);
          }
        }
      }
    }
    return String.join("", words);
  }

  private static String[] words(List<String> corpus, SplittableRandom random) {
    return corpus.get(random.nextInt(corpus.size())).split("(?<=[ ,()])");
  }

  @Test
  void onlySqlErrorsComeOutOfMutatedStatements() throws IOException {
    long seed = Long.getLong("seed", 20261121);
    SplittableRandom random = new SplittableRandom(seed);
    List<String> corpus = corpus();
    SqlScript script = new SqlScript(SqlScript.engine());
    script.run(
        "create table t (id serial primary key, a int not null default 5, b text unique, c numeric(6,2), d timestamp)");
    for (int i = 0; i < 3; i++) {
      script.run(corpus.get(i));
    }
    List<String> bugs = new ArrayList<>();
    for (int i = 0; i < STATEMENTS; i++) {
      String sql = mutated(corpus, random);
      try {
        script.run(sql);
      } catch (RuntimeException | Error bug) {
        bugs.add(bug + ": " + sql);
        script.session().failed();
      }
      if (random.nextInt(20) == 0) {
        script.run("rollback");
      }
    }
    assertEquals(List.of(), bugs, "seed " + seed);
  }
}
